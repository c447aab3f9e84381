import { SLOT_COUNT } from '../slots/slots.ts';
import type { TransportFinding, TransportName } from '../types.ts';
import type { Evidence } from './evidence.ts';
import type { Rung } from './rungs.ts';

/** Why a tab does not do as well as the network would let it. */
const OTHERS_HOLD = `this browser already holds ${SLOT_COUNT} connections to this server in other tabs`;
const IN_TURNS = `${OTHERS_HOLD}; this tab asks in short turns`;

/**
 * What is known about each transport, for people. `inUse`: the transport of the line in use, if there is one. `isBrief`:
 * that line may keep no response open.
 */
export function findingsOf(
  rungs: readonly Rung[],
  evidence: Evidence,
  inUse: TransportName | null,
  isBrief: boolean,
  retryAt: number | null,
): TransportFinding[] {
  return rungs
    .flatMap(({ name, kind, way }) => [way].flat().map((transport) => ({ transport, kind, key: name })))
    .map(({ transport, kind, key }) => {
      const record = evidence.record(key);
      if (transport === inUse) {
        const reason = isBrief
          ? IN_TURNS
          : record?.verdict === 'laggy' || record?.verdict === 'cut'
            ? record.reason
            : '';
        return { transport, verdict: 'in use', reason, at: record?.at ?? null, retryAt: null };
      }
      if (record === undefined) {
        const reason = isBrief && kind === 'stream' ? OTHERS_HOLD : '';
        return { transport, verdict: 'untried', reason, at: null, retryAt };
      }
      const { verdict, reason, at } = record;
      return { transport, verdict, reason, at, retryAt: verdict === 'good' ? null : retryAt };
    });
}
