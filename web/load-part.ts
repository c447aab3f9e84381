import { fetchPatiently } from './fetch-patiently.ts';

/**
 * Loads a part of the page that comes later, with all its files, however often they get lost on their way. A browser
 * never asks twice for a module that did not arrive, so files are fetched into its cache before they are imported.
 * The build puts this around every `import()`, in place of Vite's own helper, with the names of the files relative to
 * the importing one.
 */
export async function loadPart<Part>(
  load: () => Promise<Part>,
  files: readonly string[] = [],
  importer = document.baseURI,
): Promise<Part> {
  await Promise.all(files.map((file) => fetchPatiently(new URL(file, importer).href)));
  return load();
}
