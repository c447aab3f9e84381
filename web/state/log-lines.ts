import { isSameDay } from '../format.ts';
import type { ChatMessage, LogEntry } from './message-log.ts';

/** What the log shows, from top to bottom. */
export type LogLine =
  /** Another day begins. */
  | { readonly type: 'day'; readonly key: string; readonly at: number }
  /** So many messages of others, from here on, were said while the user was away. */
  | { readonly type: 'away'; readonly key: string; readonly count: number }
  /** `isFirst`: it is not by whoever said the one above it, or much later. */
  | { readonly type: 'message'; readonly key: string; readonly entry: ChatMessage; readonly isFirst: boolean }
  | { readonly type: 'notice'; readonly key: string; readonly entry: Exclude<LogEntry, ChatMessage> };

/** Messages of one person within this time stand under one name. */
const GROUP_MS = 3 * 60_000;

/** Puts the dividers between the entries of a log; `now` is ms since 1970. */
export function linesOf(entries: readonly LogEntry[], now: number): readonly LogLine[] {
  const counts = countRecovered(entries);
  const lines: LogLine[] = [];
  let before: LogEntry | null = null;
  for (const entry of entries) {
    const isNewDay = !isSameDay(entry.at, before?.at ?? now);
    if (isNewDay) lines.push({ type: 'day', key: `day ${entry.key}`, at: entry.at });
    if (entry.kind !== 'message') {
      lines.push({ type: 'notice', key: entry.key, entry });
      before = entry;
      continue;
    }
    const count = entry.recovery === null || entry.mine ? undefined : counts.get(entry.recovery);
    if (entry.recovery !== null && count !== undefined) {
      counts.delete(entry.recovery);
      // A gap says already that the user was away.
      if (before?.kind !== 'gap') lines.push({ type: 'away', key: `away ${entry.recovery}`, count });
    }
    const isFirst = isNewDay || count !== undefined || !isContinuation(entry, before);
    lines.push({ type: 'message', key: entry.key, entry, isFirst });
    before = entry;
  }
  return lines;
}

/** Messages of others, by the return to the room that brought them. */
function countRecovered(entries: readonly LogEntry[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const entry of entries) {
    if (entry.kind !== 'message' || entry.mine || entry.recovery === null) continue;
    counts.set(entry.recovery, (counts.get(entry.recovery) ?? 0) + 1);
  }
  return counts;
}

function isContinuation(message: ChatMessage, before: LogEntry | null): boolean {
  return (
    before?.kind === 'message' &&
    before.sender === message.sender &&
    before.mine === message.mine &&
    message.at - before.at <= GROUP_MS
  );
}
