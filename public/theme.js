// Applies the chosen theme before the first paint. A file of its own because the page's policy allows no
// inline script, and no module because modules wait for the document. Painting waits for it, but nothing else does:
// should it get lost, the page does the same when it is there.
(() => {
  try {
    const choice = localStorage.getItem('roomplex.theme');
    if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
  } catch {
    // Storage is off: the system's preference decides.
  }
})();
