import type { LineEnd } from './lines/line.ts';

/** What a close code says, in words. */
const WORDS: ReadonlyMap<number, string> = new Map([
  [1000, 'closed normally'],
  [1001, 'the server is going away'],
  [1002, 'the protocol was broken'],
  [1003, 'a kind of data it does not take'],
  [1005, 'closed without a code'],
  [1006, 'the line was cut, or never came about'],
  [1007, 'a text that is no UTF-8'],
  [1008, 'not allowed'],
  [1009, 'the message was too big'],
  [1011, 'the server failed'],
  [1012, 'the server restarts'],
  [1013, 'the server is too busy'],
  [1015, 'the certificate was not accepted'],
  [2000, 'no transport got through'],
  [2010, 'the session is open elsewhere'],
  [3000, 'the server ended the session'],
  [4001, 'put out of the room'],
  [4002, 'the room was closed'],
  [4003, 'the server drains, come back in a moment'],
  [4008, 'did not read what it was sent'],
  [4012, 'gave no sign of life'],
  [4522, 'the protocol was broken'],
]);

/** How a line ended, as a sentence without its stop. */
export function describeEnd({ code, reason }: LineEnd): string {
  const said = reason.trim() === '' ? '' : `: “${reason}”`;
  if (code === null) return `Closed${said}`;
  return `Closed with ${code}, ${WORDS.get(code) ?? ownWords(code)}${said}`;
}

/** Codes above 4000 belong to applications; ours tell by their range whether to come back. */
function ownWords(code: number): string {
  if (code >= 4500 && code < 5000) return 'and better not tried again';
  if (code >= 3000) return "the application's own code";
  return 'no code that is known';
}
