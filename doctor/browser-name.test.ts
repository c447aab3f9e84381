import { expect, it } from 'vitest';
import { browserName } from './browser-name.ts';

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.37 Safari/537.36';

it.each([
  [CHROME, 'Chromium 141'],
  [`${CHROME} Edg/141.0.3537.57`, 'Edge 141'],
  [`${CHROME} OPR/122.0.0.0`, 'Opera 122'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox 140'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    'Safari 18',
  ],
  ['curl/8', 'unknown browser'],
])('of %s tells no more than product and version', (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name);
});
