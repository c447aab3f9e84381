import type { Known } from '../facts.ts';
import type { Held } from '../checks/hold.ts';
import type { TriedTransport } from '../checks/line-openers.ts';

/** A message went there and back. */
export function echoes(known: Known, transport: TriedTransport): boolean {
  return (known[transport]?.echoMs ?? null) !== null;
}

/** How it went on for the seconds in which it was watched; `null` where it was not. */
export function heldFor(known: Known, transport: TriedTransport): Held | null {
  return known.hold?.lines.find((line) => line.transport === transport) ?? null;
}

/** A message went there and back, and the connection lasted as long as it was watched, if something moved on it. */
export function works(known: Known, transport: TriedTransport): boolean {
  const held = heldFor(known, transport);
  return echoes(known, transport) && (held === null || held.fate === 'lived' || held.isIdle);
}

/** Connections break at any time, so that a break says nothing about what happened on it. */
export function isUnsteady(known: Known): boolean {
  return (known.steady?.broke ?? 0) > 0;
}

/** Small requests were answered with errors now and then: with which, and how often. */
export function errorsOf(known: Known): ReadonlyMap<string, number> {
  return new Map(Object.entries(known.steady?.errors ?? {}));
}

/** Where small requests fail as well, now and then, that this one did says nothing about what it was. */
export function isChance(known: Known, status: number | null): boolean {
  const errors = errorsOf(known);
  if (status === null) return isUnsteady(known) || errors.size > 0;
  return errors.has(String(status));
}
