// Applies the chosen theme before the first paint. A file of its own because the page's policy allows no
// inline script, and no module because modules wait for the document.
(() => {
  try {
    const choice = localStorage.getItem('roomplex.theme');
    if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
  } catch {
    // Storage is off: the system's preference decides.
  }
})();
