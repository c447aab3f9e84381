import { nestsDeeperThan } from '../../../protocol/json-depth.ts';

/**
 * The frame with its JSON laid out over lines: all of it, or what follows a head such as `msg,layout,` or `abc1|`.
 * Nothing but white space changes, so numbers and keys stay as they came. `null` when there is no JSON to lay out.
 */
export function prettyFrame(text: string): string | null {
  for (const { index } of text.slice(0, LONGEST_HEAD).matchAll(/[{[]/g)) {
    const json = text.slice(index);
    if (nestsDeeperThan(json)) return null;
    if (isJson(json)) return `${text.slice(0, index)}${index === 0 ? '' : '\n'}${layOut(json)}`;
  }
  return null;
}

/** A head that is longer is no head; it also keeps the number of tries small. */
const LONGEST_HEAD = 64;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function layOut(json: string): string {
  let laidOut = '';
  let depth = 0;
  const newLine = (): string => `\n${'  '.repeat(depth)}`;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      depth += 1;
      laidOut += token + newLine();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      laidOut += newLine() + token;
    } else if (token === ',') laidOut += token + newLine();
    else if (token === ':') laidOut += ': ';
    else laidOut += token;
  }
  return laidOut.replaceAll(EMPTY, '$1$2');
}

/** Strings whole, marks one by one, anything else up to the next of them; white space falls out. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;
const EMPTY = /([{[])\n\s*([}\]])/g;
