import {
  MESSAGE_TYPE,
  type ChangeNotice,
  type ClientInfo,
  type KVSet,
  type KVStore,
} from '../../../protocol/state-rooms.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import type { Entry } from '../../hub/entries.ts';
import type { Format, Member } from '../../hub/member.ts';
import { publicationText } from '../publication-text.ts';

/** The format of all clients of state rooms. What is said in a room has no word in this protocol. */
export const STATE_FORMAT: Format<PreparedMessage> = {
  encode: () => undefined,
  encodeArrival: (member) => {
    const { clientState, clientName, clientType } = clientInfo(member);
    return notice({ addClients: record(member.id, { clientType, clientName, clientState }) });
  },
  encodeDeparture: (member) => notice({ removeClients: [member.id] }),
  // An empty `updateClients` beside `roomChanges` is what the original sends (S5 §7.11).
  encodeChange: ({ roomChanges, clientChanges, by }) =>
    notice({
      roomChanges: roomChanges?.map(toSet),
      updateClients: clientChanges === undefined || by === null ? {} : record(by, clientChanges.map(toSet)),
    }),
  encodeNotice: (message) => new PreparedMessage(JSON.stringify(message)),
};

/** A member of whichever door, as clients of state rooms see it; the fields in the order of S5 §3.2. */
export function clientInfo(member: Member): ClientInfo {
  return {
    clientState: texts(member.state?.values ?? NOTHING),
    clientName: member.name,
    clientType: member.format === STATE_FORMAT ? ownType(member.info) : member.gateway,
  };
}

/** What others see of a client beside its name and state. */
export function typeInfo(clientType: string | undefined): { readonly clientType: string } | undefined {
  return clientType === undefined ? undefined : { clientType };
}

/** A state in this protocol, which knows texts only. Whatever the keys are, they survive. */
export function texts(values: ReadonlyMap<string, unknown>): KVStore {
  return Object.fromEntries([...values].map(([key, value]) => [key, publicationText(value)]));
}

const NOTHING: ReadonlyMap<string, unknown> = new Map();

function ownType(info: unknown): string | undefined {
  return (info as ReturnType<typeof typeInfo>)?.clientType;
}

function toSet({ key, value }: Entry): KVSet {
  return value === undefined ? { key } : { key, value: publicationText(value) };
}

function record<Value>(id: string, value: Value): Record<string, Value> {
  return Object.fromEntries([[id, value]]);
}

function notice(body: Omit<ChangeNotice, 'type'>): PreparedMessage {
  const message: ChangeNotice = { type: MESSAGE_TYPE.CHANGE_NOTIF, ...body };
  return new PreparedMessage(JSON.stringify(message));
}
