// Sees to it that the files of a page arrive. What a bad line has lost or swallowed of scripts and styles is fetched
// again, into the browser's cache, and meanwhile the page says so. Styles are then put in anew; a browser never asks
// twice for a module, so for those the page is loaded again. A file of its own because the page's policy allows no
// inline script, and no module because modules are what may be missing. It may be lost itself: pages ask for it twice,
// and show after some seconds, by style alone, how to load them again.
(() => {
  const mark = Symbol.for('roomplex.arrival');
  if (mark in window) return;
  window[mark] = true;

  /** So long nothing may arrive before something is taken for lost; ms. Slower lines are given more each time. */
  const SILENCE_MS = 8_000;
  const PAUSES_MS = [0, 500, 1_000, 2_000, 4_000, 8_000, 16_000];
  /** In a row, by themselves. */
  const RELOADS = 3;
  const RELOADED = 'roomplex.reloaded';
  const FILES = 'script[src], link[rel=modulepreload], link[rel=stylesheet]';

  const fetched = new Set();
  const takenOut = [];

  document.addEventListener('submit', (event) => {
    if (!event.target.matches('.arrival form')) return;
    event.preventDefault();
    countReloads(0);
    location.reload();
  });
  void watch();

  async function watch() {
    await settled();
    for (const pauseMs of PAUSES_MS) {
      if (isWhole()) return countReloads(0);
      say('Part of the page has not arrived. Trying again…');
      await pause(pauseMs);
      letRender();
      // What was swallowed is still awaited by the browser, and would be awaited with it.
      const isAllHere = await fetchAll(
        pauseMs === 0 ? 'default' : 'reload',
        Math.max(SILENCE_MS, pauseMs * 4),
      );
      putStylesBack();
      if (!isAllHere) continue;
      if (isRunning()) return countReloads(0);
      return loadAgain();
    }
    giveUp();
  }

  /** Everything has come or failed, or nothing has come for a while. */
  async function settled() {
    const loaded = new Promise((resolve) => addEventListener('load', resolve, { once: true }));
    let before = -1;
    while (document.readyState !== 'complete') {
      const arrived = performance.getEntriesByType('resource').length;
      if (arrived === before) return;
      before = arrived;
      await Promise.race([loaded, pause(SILENCE_MS)]);
    }
  }

  function isWhole() {
    return document.readyState === 'complete' && isRunning() && lostStyles().length === 0;
  }

  function isRunning() {
    return document.querySelector(':is(rp-app, rp-doctor):defined') !== null;
  }

  function lostStyles() {
    return [...document.querySelectorAll('link[rel=stylesheet]')].filter((link) => !hasRules(link));
  }

  /** Of what did not come, some browsers have a sheet that must not be read. */
  function hasRules({ sheet }) {
    try {
      return sheet !== null && sheet.cssRules.length > 0;
    } catch {
      return false;
    }
  }

  /** Browsers paint nothing, and run no module, before styles and what else blocks them have come or are gone. */
  function letRender() {
    for (const script of document.querySelectorAll('script[blocking=render]')) script.blocking = '';
    for (const link of lostStyles()) {
      takenOut.push(link);
      link.remove();
    }
  }

  function putStylesBack() {
    for (const link of takenOut.splice(0)) document.head.append(link.cloneNode());
  }

  /** True when the page and all of its files can be had from the server or the browser's cache. */
  async function fetchAll(cache, patienceMs) {
    const named = [...document.querySelectorAll(FILES), ...takenOut].map(({ src, href }) => src || href);
    const missing = [...new Set(named)].filter((url) => !fetched.has(url));
    const fetches = missing.map((url) => fetchFile(url, { cache }, patienceMs));
    const page = fetchFile(
      location.href,
      { cache: 'no-store', headers: { accept: 'text/html' } },
      patienceMs,
    );
    return (await Promise.all([page, ...fetches])).every(Boolean);
  }

  async function fetchFile(url, options, patienceMs) {
    try {
      const response = await fetch(url, { ...options, signal: AbortSignal.timeout(patienceMs) });
      await response.arrayBuffer();
      // What is gone belongs to an older version of the page.
      const isSettled = response.ok || response.status === 404;
      if (isSettled && url !== location.href) fetched.add(url);
      return isSettled;
    } catch {
      return false;
    }
  }

  async function loadAgain() {
    const count = countedReloads();
    if (count >= RELOADS || !countReloads(count + 1)) return giveUp();
    await pause(PAUSES_MS[count * 2]);
    location.reload();
  }

  function giveUp() {
    countReloads(0);
    say(
      'The page could not be loaded. Its server may be away for a while, or something on the way holds it back.',
    );
  }

  function say(text) {
    const section = document.querySelector('.arrival');
    if (section === null) return;
    section.classList.add('late');
    section.querySelector('[role=status]').textContent = text;
  }

  function countedReloads() {
    try {
      return Number(sessionStorage.getItem(RELOADED));
    } catch {
      return RELOADS;
    }
  }

  /** False where nothing can be kept: the page must not load itself again without counting. */
  function countReloads(count) {
    try {
      if (count === 0) sessionStorage.removeItem(RELOADED);
      else sessionStorage.setItem(RELOADED, String(count));
      return true;
    } catch {
      return false;
    }
  }

  /** Over early when the device is back on a network. */
  function pause(ms) {
    return new Promise((resolve) => {
      setTimeout(resolve, ms);
      addEventListener('online', resolve, { once: true });
    });
  }
})();
