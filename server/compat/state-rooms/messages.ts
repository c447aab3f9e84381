import type { MESSAGE_TYPE } from '../../../protocol/state-rooms.ts';

/** As the original declares them: programs change what they were given. */
export type KVStore = Record<string, string>;

export interface KVSet {
  key: string;
  value?: string;
}

export interface ChangeReq {
  type: typeof MESSAGE_TYPE.CHANGE_REQ;
  roomChanges?: KVSet[] | undefined;
  clientChanges?: KVSet[] | undefined;
  echo?: boolean | undefined;
}

/** What {@link ChangeReq} becomes; `null` is as good as nothing. */
export interface ChangeAnswer {
  roomChanges?: KVSet[] | null | undefined;
  clientChanges?: KVSet[] | null | undefined;
  echo?: boolean | null | undefined;
}
