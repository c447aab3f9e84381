import type { Fate } from '../tried-line.ts';
import type { Known } from '../facts.ts';
import type { TriedTransport } from '../checks/line-openers.ts';

/** A message went there and back. */
export function echoes(known: Known, transport: TriedTransport): boolean {
  return (known[transport]?.echoMs ?? null) !== null;
}

/** How it went on for the seconds in which it was watched; `null` where it was not. */
export function heldFor(
  known: Known,
  transport: TriedTransport,
): { readonly fate: Fate; readonly livedMs: number } | null {
  return known.hold?.lines.find((line) => line.transport === transport) ?? null;
}

/** A message went there and back, and the connection lasted as long as it was watched. */
export function works(known: Known, transport: TriedTransport): boolean {
  const held = heldFor(known, transport);
  return echoes(known, transport) && (held === null || held.fate === 'lived');
}

/** Connections break at any time, so that a break says nothing about what happened on it. */
export function isUnsteady(known: Known): boolean {
  return (known.steady?.broke ?? 0) > 0;
}
