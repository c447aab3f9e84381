import pino from 'pino';
import { faultText } from './telemetry/fault-text.ts';
import { redactFields, redactText } from './log/redact.ts';
import { formatTextLine } from './log/text-line.ts';

/** Where the server says what happens; `fields` are for programs, the message is for people. */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** The names `--log-level` takes, quietest first. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  /** Lines below this level are not written. @default 'info' */
  readonly level?: LogLevel;
  /** `text`: one readable line each, for a terminal. `json`: one object a line, for a collector. @default 'json' */
  readonly format?: 'text' | 'json';
  /** Colours in `text` lines. @default false */
  readonly color?: boolean;
  /** Takes whole lines. */
  readonly stream: { write(line: string): unknown };
}

/** A logger that says nothing: what the library uses until it is given another. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Makes a logger. Values under names such as `token` or `cookie`, and the same in query strings and in the
 * user part of URLs, never reach the stream.
 */
export function createLogger(options: LoggerOptions): Logger {
  const level = options.level ?? 'info';
  if (level === 'silent') return silentLogger;
  const write = options.format === 'text' ? textWriter(options) : jsonWriter(options);
  const loudest = LOG_LEVELS.indexOf(level);
  const at = (name: WrittenLevel): Logger['info'] => {
    if (LOG_LEVELS.indexOf(name) > loudest) return () => {};
    return (message, fields) => write(name, redactText(message), fields && redactFields(fields));
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

type WrittenLevel = keyof Logger;
type Writer = (level: WrittenLevel, message: string, fields?: Record<string, unknown>) => void;

function jsonWriter({ stream }: LoggerOptions): Writer {
  const logger = pino({ level: 'debug', timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return (level, message, fields) => logger[level](fields ?? {}, message);
}

function textWriter({ stream, color = false }: LoggerOptions): Writer {
  return (level, message, fields) => {
    stream.write(formatTextLine({ at: new Date(), level, message, fields: fields ?? {}, color }));
  };
}

/** Where something went wrong, for a log: the stack where there is one. */
export function errorText(error: unknown): string {
  try {
    if (error instanceof Error && error.stack !== undefined) return String(error.stack);
  } catch {
    // A stack that cannot be read is none.
  }
  return faultText(error);
}
