import type { Report } from '../../doctor/report.ts';

/** More than any report has, and little enough to show. */
const MAX_CHARACTERS = 1_000_000;

/** Reads a report that was saved as JSON. Throws, in plain words, when the text is none or not to be understood here. */
export function readReport(text: string): Report {
  if (text.length > MAX_CHARACTERS) throw new Error('This is too large for a report.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('This is no JSON. A report can be opened if it was saved as JSON, not as Markdown.');
  }
  if (!isObject(value) || value['format'] !== 'roomplex-doctor') {
    throw new Error('This is no report of a connection doctor.');
  }
  if (value['version'] !== 1) throw new Error('This report is of a later version, which is not known here.');
  if (!isReport(value)) throw new Error('This report is damaged.');
  return value;
}

const STATUSES: readonly unknown[] = ['waiting', 'running', 'pass', 'warn', 'fail', 'skip'];
const SEVERITIES: readonly unknown[] = ['info', 'warn', 'fail'];

type Fields = Readonly<Record<string, unknown>>;

function isReport(value: Fields): value is Fields & Report {
  const { at, durationMs, url, client, checks, findings, advice } = value;
  return (
    isTime(at) &&
    isNumber(durationMs) &&
    typeof url === 'string' &&
    URL.canParse(url) &&
    isObject(client) &&
    typeof client['agent'] === 'string' &&
    isListOf(checks, isCheck) &&
    isListOf(findings, isFinding) &&
    isObject(advice) &&
    isListOf(advice['transports'], isText) &&
    isNumber(advice['heartbeatMs']) &&
    isText(advice['why'])
  );
}

function isCheck(value: unknown): boolean {
  return (
    isObject(value) &&
    ['id', 'title', 'detail'].every((key) => isText(value[key])) &&
    STATUSES.includes(value['status']) &&
    isNumber(value['durationMs']) &&
    isObject(value['facts'])
  );
}

function isFinding(value: unknown): boolean {
  return (
    isObject(value) &&
    ['id', 'title'].every((key) => isText(value[key])) &&
    SEVERITIES.includes(value['severity']) &&
    isListOf(value['evidence'], isText) &&
    isObject(value['remedy']) &&
    isRemedy(value['remedy'])
  );
}

function isRemedy(remedy: Fields): boolean {
  return (
    ['user', 'it', 'operator'].every((key) => isText(remedy[key])) &&
    ['nginx', 'haproxy'].every((key) => remedy[key] === undefined || isText(remedy[key]))
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A moment that a calendar has. */
function isTime(value: unknown): boolean {
  return isNumber(value) && !Number.isNaN(new Date(value).getTime());
}
