import { Findings } from './findings.ts';

/** One arrival or departure as an observer was told of it. */
export interface PresenceTold {
  readonly type: 'join' | 'leave';
  readonly name: string;
}

/** What observers of one room may be told. */
export interface PresenceEvidence {
  readonly room: string;
  /** By observer, from when everybody was in. */
  readonly told: ReadonlyMap<string, readonly PresenceTold[]>;
  /** By member, what must be told of it, in that order; of whoever is not named here, nothing. */
  readonly expected: ReadonlyMap<string, readonly PresenceTold['type'][]>;
}

/** Every observer was told of exactly those who were away for long, and in the order in which it happened to each. */
export function auditPresence({ room, told, expected }: PresenceEvidence): Findings {
  const findings = new Findings();
  for (const [observer, events] of told) {
    for (const name of new Set([...expected.keys(), ...events.map((event) => event.name)])) {
      const seen = events.filter((event) => event.name === name).map(({ type }) => type);
      const wanted = expected.get(name) ?? [];
      if (seen.join() === wanted.join()) continue;
      findings.fault(
        'wrong presence',
        `${room}: ${observer} saw of ${name}: ${list(seen)}, not: ${list(wanted)}`,
      );
    }
  }
  return findings;
}

function list(types: readonly string[]): string {
  return types.length === 0 ? 'nothing' : types.join(', ');
}
