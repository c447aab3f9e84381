/** The more particular come first: each names those after it, too. */
const PRODUCTS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bEdg\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\bFirefox\/(\d+)/, 'Firefox'],
  [/\bChrom(?:e|ium)\/(\d+)/, 'Chromium'],
  [/\bVersion\/(\d+).* Safari\//, 'Safari'],
];

/** Product and major version from what a browser calls itself, and no more than that. */
export function browserName(userAgent: string): string {
  for (const [pattern, name] of PRODUCTS) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return 'unknown browser';
}
