import type { RoomMessage } from '../../client/index.ts';
import type { Position } from '../../protocol/rooms.ts';

/** `pending`: the server has not answered yet; `failed`: it refused, or its answer was lost. */
export type Delivery = 'sent' | 'pending' | 'failed';

/** Something a member said. */
export interface ChatMessage {
  readonly kind: 'message';
  /** Stays the same while the message goes from pending to sent. */
  readonly key: string;
  readonly mine: boolean;
  readonly sender: string;
  readonly text: string;
  /** False when the sender published no text but other JSON, which {@link ChatMessage.text} then spells out. */
  readonly isText: boolean;
  /** ms since 1970. */
  readonly at: number;
  readonly delivery: Delivery;
  /** Why it failed. */
  readonly reason: string | null;
  readonly position: Position | null;
}

/** Something that happened in the room. */
export interface ChatNotice {
  readonly kind: 'notice';
  readonly key: string;
  readonly about: 'joined' | 'left' | 'gap';
  /** Who joined or left. */
  readonly names: readonly string[];
  /** How many joined or left; {@link ChatNotice.names} may list fewer. For a gap, how many messages, if known. */
  readonly count: number | null;
  readonly at: number;
}

export type LogEntry = ChatMessage | ChatNotice;

/** What this app publishes into a room. `cid` lets the sender recognise its own message. */
export interface ChatPayload {
  readonly text: string;
  readonly cid: string;
}

/** What the arrival of a message meant: somebody said something, or our own or a known one came round. */
export type Arrival = 'new' | 'own' | 'duplicate';

const MESSAGES_KEPT = 500;
const OUTGOING_KEPT = 100;
const NAMES_LISTED = 4;

/**
 * What was said in one room, newest last: the newest {@link MESSAGES_KEPT} entries in the order of the server,
 * then the own messages it has not confirmed.
 */
export class MessageLog {
  #settled: LogEntry[] = [];
  #outgoing: ChatMessage[] = [];
  #settledIds = new Set<string>();
  #keys = 0;

  get entries(): readonly LogEntry[] {
    return this.#outgoing.length === 0 ? this.#settled : [...this.#settled, ...this.#outgoing];
  }

  /** True when so many own messages wait for an answer that no more may join them. */
  get isFull(): boolean {
    return this.#outgoing.length >= OUTGOING_KEPT;
  }

  /** Adds an own message on its way out; `cid` must be new. */
  addOutgoing(cid: string, text: string, sender: string, at: number): void {
    this.#outgoing.push({
      kind: 'message',
      key: cid,
      mine: true,
      sender,
      text,
      isText: true,
      at,
      delivery: 'pending',
      reason: null,
      position: null,
    });
  }

  /** Finds an own message that the server has not confirmed. */
  outgoing(cid: string): ChatMessage | undefined {
    return this.#outgoing.find((message) => message.key === cid);
  }

  /** The server has accepted an own message. */
  confirm(cid: string, position: Position): void {
    const message = this.#takeOutgoing(cid);
    if (message !== undefined) this.#settle({ ...message, delivery: 'sent', reason: null, position });
  }

  /** The server has refused an own message, or its answer was lost. */
  fail(cid: string, reason: string): void {
    this.#changeOutgoing(cid, { delivery: 'failed', reason });
  }

  /** An own message that failed is on its way once more. */
  retry(cid: string): void {
    this.#changeOutgoing(cid, { delivery: 'pending', reason: null });
  }

  /** Gives up on an own message. */
  discard(cid: string): void {
    this.#takeOutgoing(cid);
  }

  /** Takes in a message from the room; `ownId` is this member's id there. */
  receive(message: RoomMessage, ownId: string | null): Arrival {
    const { text, cid, isText } = readData(message.data);
    const position = { epoch: message.epoch, offset: message.offset };
    const outgoing = cid === null ? undefined : this.#takeOutgoing(cid);
    if (outgoing !== undefined) {
      this.#settle({ ...outgoing, at: message.at, delivery: 'sent', reason: null, position });
      return 'own';
    }
    // The second copy of a message whose first answer was lost, or the echo of one already confirmed.
    if (cid !== null && this.#settledIds.has(cid)) return 'duplicate';
    const mine = ownId !== null && message.senderId === ownId;
    const key = cid ?? this.#newKey();
    const { sender, at } = message;
    this.#settle({
      kind: 'message',
      key,
      mine,
      sender,
      text,
      isText,
      at,
      delivery: 'sent',
      reason: null,
      position,
    });
    return mine ? 'own' : 'new';
  }

  /** Notes who came or went; comings in a row share one line, and so do goings. */
  addPresence(about: 'joined' | 'left', names: readonly string[], at: number): void {
    const last = this.#settled.at(-1);
    const earlier = last?.kind === 'notice' && last.about === about ? last : null;
    if (earlier !== null) this.#settled = this.#settled.slice(0, -1);
    this.#settle({
      kind: 'notice',
      key: earlier?.key ?? this.#newKey(),
      about,
      names: [...(earlier?.names ?? []), ...names].slice(0, NAMES_LISTED),
      count: (earlier?.count ?? 0) + names.length,
      at,
    });
  }

  /** Notes that messages may be missing here. */
  addGap(missing: number | null, at: number): void {
    this.#settle({ kind: 'notice', key: this.#newKey(), about: 'gap', names: [], count: missing, at });
  }

  #settle(entry: LogEntry): void {
    const settled = [...this.#settled];
    settled.splice(placeOf(entry, settled), 0, entry);
    if (entry.kind === 'message') this.#settledIds.add(entry.key);
    for (const dropped of settled.splice(0, Math.max(0, settled.length - MESSAGES_KEPT))) {
      this.#settledIds.delete(dropped.key);
    }
    this.#settled = settled;
  }

  #takeOutgoing(cid: string): ChatMessage | undefined {
    const index = this.#outgoing.findIndex((message) => message.key === cid);
    return index === -1 ? undefined : this.#outgoing.splice(index, 1)[0];
  }

  #changeOutgoing(cid: string, change: Pick<ChatMessage, 'delivery' | 'reason'>): void {
    this.#outgoing = this.#outgoing.map((message) =>
      message.key === cid ? { ...message, ...change } : message,
    );
  }

  #newKey(): string {
    return `#${(this.#keys += 1)}`;
  }
}

/** A confirmation may overtake messages that were accepted before it: offsets of one epoch put them right. */
function placeOf(entry: LogEntry, settled: readonly LogEntry[]): number {
  let place = settled.length;
  if (entry.kind !== 'message' || entry.position === null) return place;
  const { epoch, offset } = entry.position;
  for (; place > 0; place--) {
    const before = settled[place - 1];
    if (before?.kind !== 'message' || before.position?.epoch !== epoch || before.position.offset <= offset)
      break;
  }
  return place;
}

function readData(data: unknown): { text: string; cid: string | null; isText: boolean } {
  if (typeof data === 'string') return { text: data, cid: null, isText: true };
  if (typeof data === 'object' && data !== null && 'text' in data && typeof data.text === 'string') {
    const cid = 'cid' in data && typeof data.cid === 'string' && CID.test(data.cid) ? data.cid : null;
    return { text: data.text, cid, isText: true };
  }
  return { text: data === undefined ? '' : JSON.stringify(data), cid: null, isText: false };
}

/** Long enough that nobody guesses one; never the shape of a key made here. */
const CID = /^[\w-]{16,64}$/;
