import type { Report } from '../../doctor/report.ts';
import { multiplexUrl } from './target.ts';

/** The line of a program that connects as a report recommends. */
export function codeOf({ url, advice }: Report): string {
  const transports = advice.transports.map((name) => `'${name}'`).join(', ');
  return [
    "import { connect } from 'roomplex/client';",
    '',
    '// For this network alone: elsewhere others may be better, and the client finds out by itself.',
    `const client = connect('${multiplexUrl(url)}', { transports: [${transports}] });`,
    '',
  ].join('\n');
}
