import type { Report } from '../../doctor/report.ts';
import { multiplexUrl } from './target.ts';

/** The line of a program that connects with the settings a report recommends. */
export function codeOf({ url, advice }: Report): string {
  const transports = advice.transports.map((name) => `'${name}'`).join(', ');
  return [
    "import { connect } from 'roomplex/client';",
    '',
    `const client = connect('${multiplexUrl(url)}', {`,
    `  transports: [${transports}],`,
    `  heartbeatMs: ${advice.heartbeatMs},`,
    '});',
    '',
  ].join('\n');
}
