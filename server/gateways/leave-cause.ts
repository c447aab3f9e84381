import { CloseCode } from '../../protocol/close-codes.ts';
import type { LeaveCause } from '../../protocol/rooms.ts';

/** Why a member is gone whose connection ended with this code. */
export function leaveCause(code: number): LeaveCause {
  return code === CloseCode.noPong ? 'timeout' : 'closed';
}
