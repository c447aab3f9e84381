import type { Claims } from './claims.ts';
import { Findings } from './findings.ts';
import { auditReader } from './reader-audit.ts';
import type { Testimony } from './testimony.ts';

/** A room's history at the end, read from the oldest message to the newest by somebody who takes no part. */
export interface RoomHistory {
  readonly epoch: string;
  /** Offset of the oldest that is kept; one more than the newest when nothing is. */
  readonly first: number;
  readonly messages: readonly { readonly id: string; readonly offset: number }[];
}

/** All that is known of one room when everything has come to rest. */
export interface RoomEvidence {
  readonly room: string;
  readonly claims: Claims;
  readonly testimonies: readonly Testimony[];
  readonly history: RoomHistory;
  /** Reasons for which readers may be told of a gap here; any other gap is a fault. */
  readonly mayMiss: readonly string[];
}

/**
 * Compares what writers were told, what readers saw and what history has: whatever was accepted is kept under the
 * position that was answered, once; nothing is kept that nobody said or that was refused; and every reader saw it
 * all in order, each message once, but for gaps that were told and are true.
 */
export function auditRoom(evidence: RoomEvidence): Findings {
  const { testimonies, history } = evidence;
  const findings = new Findings();
  findings.add('rooms');
  findings.add('clients', testimonies.length);
  auditClaims(evidence, auditHistory(evidence, findings), findings);
  const kept = new Map(history.messages.map(({ id, offset }) => [offset, id]));
  for (const testimony of testimonies) auditReader(testimony, evidence, kept, findings);
  findings.add('epochs', countEpochs(evidence));
  return findings;
}

/** Where each message is that history has. */
function auditHistory({ room, claims, history }: RoomEvidence, findings: Findings): Map<string, number> {
  const kept = new Map<string, number>();
  let next = history.first;
  for (const { id, offset } of history.messages) {
    const at = `${room}: history at ${offset}`;
    if (offset < next) findings.fault('reordered', `${at} follows ${next - 1}`);
    for (; next < offset; next++) findings.fault('lost', `${room}: history has nothing at ${next}`);
    next = offset + 1;
    const before = kept.get(id);
    if (before !== undefined) findings.fault('doubled', `${at} repeats ${id} of ${before}`);
    else kept.set(id, offset);
    if (!claims.has(id)) findings.fault('invented', `${at} has ${id}, which nobody sent`);
  }
  return kept;
}

function auditClaims(
  { room, claims, history, mayMiss }: RoomEvidence,
  kept: ReadonlyMap<string, number>,
  findings: Findings,
): void {
  for (const what of claims.contradictions) findings.fault('doubled', `${room}: ${what}`);
  for (const [id, outcome] of claims.entries()) {
    findings.add('sent');
    const keptAt = kept.get(id);
    switch (outcome?.type) {
      case 'accepted': {
        findings.add('accepted');
        const { epoch, offset } = outcome.position;
        const isOfThisStream = epoch === history.epoch;
        if (!isOfThisStream && !mayMiss.includes('epoch-changed')) {
          findings.fault(
            'wrong epoch',
            `${room}: ${id} was accepted in epoch ${epoch}, not ${history.epoch}`,
          );
        } else if (isOfThisStream && offset >= history.first && keptAt === undefined) {
          findings.fault('lost', `${room}: ${id} was accepted at ${offset} and is not in history`);
        } else if (isOfThisStream && keptAt !== undefined && keptAt !== offset) {
          findings.fault('reordered', `${room}: ${id} was accepted at ${offset} and is at ${keptAt}`);
        }
        break;
      }
      case 'refused':
        findings.add('refused');
        if (keptAt !== undefined)
          findings.fault('invented', `${room}: ${id} was refused and is at ${keptAt}`);
        break;
      case 'unknown':
        findings.add('unknown');
        break;
      case undefined:
        findings.fault('unsettled', `${room}: nobody was told what became of ${id}`);
    }
  }
}

function countEpochs({ claims, testimonies, history }: RoomEvidence): number {
  const epochs = new Set([history.epoch]);
  for (const [, outcome] of claims.entries()) {
    if (outcome?.type === 'accepted') epochs.add(outcome.position.epoch);
  }
  for (const { start, told } of testimonies) {
    if (start !== undefined) epochs.add(start.epoch);
    for (const event of told) if (event.type === 'message') epochs.add(event.position.epoch);
  }
  return epochs.size;
}
