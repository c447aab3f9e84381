/** Scripts under way or there, by address. */
const scripts = new Map<string, Promise<void>>();

/** Runs a script of this server, once. Rejects when it cannot be loaded, and tries again when asked again. */
export function loadScript(href: string): Promise<void> {
  let loading = scripts.get(href);
  if (loading === undefined) {
    loading = new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = href;
      script.addEventListener('load', () => resolve());
      script.addEventListener('error', () => {
        script.remove();
        reject(new Error(`${href} cannot be loaded`));
      });
      document.head.append(script);
    });
    scripts.set(href, loading);
    loading.catch(() => scripts.delete(href));
  }
  return loading;
}
