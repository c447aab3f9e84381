import type { TransportFinding, TransportName } from '../types.ts';
import type { Evidence } from './evidence.ts';
import type { Rung } from './rungs.ts';

/** What is known about each transport, for people. `inUse`: the transport of the line in use, if there is one. */
export function findingsOf(
  rungs: readonly Rung[],
  evidence: Evidence,
  inUse: TransportName | null,
  retryAt: number | null,
): TransportFinding[] {
  return rungs
    .flatMap(({ name, way }) => [way].flat().map((transport) => ({ transport, key: name })))
    .map(({ transport, key }) => {
      const record = evidence.record(key);
      if (transport === inUse) {
        const reason = record?.verdict === 'laggy' || record?.verdict === 'cut' ? record.reason : '';
        return { transport, verdict: 'in use', reason, at: record?.at ?? null, retryAt: null };
      }
      if (record === undefined) return { transport, verdict: 'untried', reason: '', at: null, retryAt };
      const { verdict, reason, at } = record;
      return { transport, verdict, reason, at, retryAt: verdict === 'good' ? null : retryAt };
    });
}
