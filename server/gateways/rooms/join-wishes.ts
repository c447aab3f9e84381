import { createHash } from 'node:crypto';
import type { Position } from '../../../protocol/rooms.ts';
import { HubError } from '../../hub/errors.ts';
import { readCount } from '../../hub/read-entries.ts';
import { recover, type Recovery } from '../../hub/recovery.ts';
import type { StoredRoom } from '../../hub/engine.ts';
import type { Additions } from './formats.ts';

/** What a `JOIN` asks for beside what S1 knows. */
export interface JoinWishes extends Additions {
  readonly echo: boolean;
  /** The id that belongs to the member key; `undefined` when there is none. */
  readonly memberId: string | undefined;
  /** Which connection of its client this is. */
  readonly turn: number | undefined;
  /** Number of latest messages to begin with. */
  readonly history: number;
  readonly recover: Position | undefined;
}

/** @throws HubError `bad-request` when something that is asked for makes no sense. */
export function readWishes(request: Record<string, unknown>): JoinWishes {
  const history = readCount(request['history'] ?? 0, 'history');
  const position = request['recover'] === undefined ? undefined : asPosition(request['recover']);
  return {
    positions: request['positions'] === true || history > 0 || position !== undefined,
    presence: request['presence'] === true,
    state: request['state'] === true,
    echo: request['echo'] === true,
    memberId: request['memberKey'] === undefined ? undefined : memberIdOf(request['memberKey']),
    turn: request['turn'] === undefined ? undefined : readCount(request['turn'], 'turn'),
    history,
    recover: position,
  };
}

/** Where a newcomer with these wishes begins. */
export function beginning(wishes: JoinWishes, stored: StoredRoom): Recovery {
  if (wishes.recover !== undefined) return recover(wishes.recover, stored);
  const { offset } = stored.position;
  const from = wishes.history === 0 ? offset : Math.max(offset - wishes.history, stored.first - 1);
  return { from, gap: undefined };
}

function asPosition(value: unknown): Position {
  const { epoch, offset } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Position>;
  if (typeof epoch !== 'string')
    throw new HubError('bad-request', 'recover must have an epoch and an offset');
  return { epoch, offset: readCount(offset, 'the offset to recover from') };
}

/** The key stays secret: others see the id. Ids of connections are shorter, so the two never meet. */
function memberIdOf(key: unknown): string {
  if (typeof key !== 'string' || key.length < 16 || key.length > 128) {
    throw new HubError('bad-request', 'memberKey must be a string of 16 to 128 characters');
  }
  return createHash('sha256').update('roomplex member ').update(key).digest('base64url').slice(0, 22);
}
