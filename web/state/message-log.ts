import type { GapReason, Position, RoomGap, RoomMessage } from '../../client/index.ts';
import { readPayload } from './chat-payload.ts';

/** `pending`: the server has not answered yet; `failed`: it refused, or its answer was lost. */
export type Delivery = 'sent' | 'pending' | 'failed';

/** Why an own message counts as failed. */
export interface Failure {
  readonly reason: string;
  /** It went out, and nobody can tell whether it arrived. */
  readonly isUnknown: boolean;
}

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
  readonly failure: Failure | null;
  /** Number of the return to the room that brought it; `null` for what did not have to be caught up with. */
  readonly recovery: number | null;
}

/** How members come and go: `lost` without a word, `ejected` against their will. */
export type Passage = 'joined' | 'left' | 'lost' | 'ejected';

/** Somebody came or went. */
export interface PassageNotice {
  readonly kind: 'passage';
  readonly key: string;
  readonly about: Passage;
  /** The first of them. */
  readonly names: readonly string[];
  /** How many they are in all. */
  readonly count: number;
  readonly at: number;
}

/** Somebody goes by another name. */
export interface RenameNotice {
  readonly kind: 'rename';
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly at: number;
}

/** Messages are missing at this place, or may be. */
export interface GapNotice {
  readonly kind: 'gap';
  readonly key: string;
  readonly reason: GapReason;
  /** How many; `null` when nobody can know. */
  readonly missing: number | null;
  readonly at: number;
}

export type LogEntry = ChatMessage | PassageNotice | RenameNotice | GapNotice;

/** What the arrival of a message meant: somebody said something, or our own or a known one came round. */
export type Arrival = 'new' | 'own' | 'duplicate';

/** Most entries that a log keeps; beyond it the oldest go. */
export const ENTRIES_KEPT = 2_000;
const OUTGOING_KEPT = 100;
const NAMES_LISTED = 4;

/**
 * Where an entry stands: by stream, then by offset. A notice stands behind the message that was the newest when it
 * was made, and behind the notices made there before.
 */
interface Place {
  /** Counts the streams that the room has had here. */
  readonly era: number;
  readonly offset: number;
  /** 0 for messages. */
  readonly turn: number;
}

interface Placed {
  readonly place: Place;
  readonly entry: LogEntry;
  /** Names what was said whatever number it got, for a message that was said twice. */
  readonly mark: string | null;
}

/**
 * What was said in one room, in the order of the server, however it came: live, as history, or as the answer to
 * publishing it. Each once. Own messages that the server has not confirmed follow at the end.
 */
export class MessageLog {
  readonly #isOwn: (memberId: string) => boolean;
  #placed: Placed[] = [];
  #outgoing: ChatMessage[] = [];
  #entries: readonly LogEntry[] | null = null;
  readonly #marks = new Set<string>();
  #head: { readonly era: number; readonly position: Position } | null = null;
  #turns = 0;
  #recoveries = 0;
  #recovery: number | null = null;
  #dropped = 0;

  /** `isOwn` tells whether a member id is, or was, this user's. */
  constructor(isOwn: (memberId: string) => boolean) {
    this.#isOwn = isOwn;
  }

  /** The same array until something changes. */
  get entries(): readonly LogEntry[] {
    return (this.#entries ??= [...this.#placed.map(({ entry }) => entry), ...this.#outgoing]);
  }

  /** How far the room was followed. */
  get head(): Position | null {
    return this.#head?.position ?? null;
  }

  /** Offset of the oldest message of the stream that the room has now; `null` when there is none. */
  get oldestOffset(): number | null {
    const era = this.#head?.era;
    return (
      this.#placed.find(({ entry, place }) => entry.kind === 'message' && place.era === era)?.place.offset ??
      null
    );
  }

  /** True when it holds messages of a stream that the room had before, of which no more can be had. */
  get hasEarlierStream(): boolean {
    const first = this.#placed[0];
    return first !== undefined && this.#head !== null && first.place.era < this.#head.era;
  }

  /** How many entries were dropped at the beginning for those that came at the end. */
  get dropped(): number {
    return this.#dropped;
  }

  get isAtLimit(): boolean {
    return this.#placed.length >= ENTRIES_KEPT;
  }

  /** Own messages that the server has not answered. */
  get pendingCount(): number {
    return this.#outgoing.filter(({ delivery }) => delivery === 'pending').length;
  }

  /** True when so many own messages wait for an answer that no more may join them. */
  get isFull(): boolean {
    return this.#outgoing.length >= OUTGOING_KEPT;
  }

  /** The room stands at this position, and what follows it will be received. */
  enter(position: Position): void {
    this.#advance(this.#eraOf(position.epoch), position);
  }

  /** From now on, what comes as replayed was said while the user was away. */
  beginRecovery(): void {
    this.#recoveries += 1;
    this.#recovery = this.#recoveries;
  }

  /** From now on, what comes as replayed was said in a moment that the user has not noticed. */
  endRecovery(): void {
    this.#recovery = null;
  }

  /** Takes in a message that the room told. */
  receive(message: RoomMessage): Arrival {
    const arrival = this.#take(message, message.replayed);
    if (arrival.placed !== null) this.#insert([arrival.placed]);
    return arrival.type;
  }

  /**
   * Takes in a page of history, in the order of the room. `isRecovered`: it was said while the user was away.
   * Answers how many messages of others are new here.
   */
  load(page: readonly RoomMessage[], isRecovered: boolean): number {
    const arrivals = page.map((message) => this.#take(message, isRecovered));
    this.#insert(arrivals.flatMap(({ placed }) => placed ?? []));
    return arrivals.filter(({ type }) => type === 'new').length;
  }

  /** Notes who came or went; comings in a row share one line, and so do goings of one kind. */
  addPassage(about: Passage, names: readonly string[], at: number): void {
    const last = this.#placed.at(-1);
    const earlier = last?.entry.kind === 'passage' && last.entry.about === about ? last.entry : null;
    if (earlier !== null) this.#placed.pop();
    this.#addNotice({
      kind: 'passage',
      key: earlier?.key ?? this.#newKey(),
      about,
      names: [...(earlier?.names ?? []), ...names].slice(0, NAMES_LISTED),
      count: (earlier?.count ?? 0) + names.length,
      at,
    });
  }

  /** Notes that somebody goes by another name. */
  addRename(from: string, to: string, at: number): void {
    this.#addNotice({ kind: 'rename', key: this.#newKey(), from, to, at });
  }

  /** Notes that messages are missing, or may be, behind `after`; by default behind the newest. */
  addGap({ reason, missing }: RoomGap, at: number, after?: Position): void {
    const notice: GapNotice = { kind: 'gap', key: this.#newKey(), reason, missing, at };
    const place =
      after === undefined ? this.#placeOfNotice() : { ...this.#placeOfNotice(), offset: after.offset };
    this.#insert([{ place, entry: notice, mark: null }]);
    // The numbers start again somewhere below, under the same name.
    if (reason === 'rolled-back' && this.#head !== null) {
      const { era, position } = this.#head;
      this.#head = { era: era + 1, position: { epoch: position.epoch, offset: 0 } };
    }
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
      failure: null,
      recovery: null,
    });
    this.#entries = null;
  }

  /** Finds an own message that the server has not confirmed. */
  outgoing(cid: string): ChatMessage | undefined {
    return this.#outgoing.find((message) => message.key === cid);
  }

  /** The server has accepted an own message. */
  confirm(cid: string, position: Position): void {
    const message = this.#takeOutgoing(cid);
    if (message === undefined) return;
    const era = this.#eraOf(position.epoch);
    this.#advance(era, position);
    const entry: ChatMessage = { ...message, delivery: 'sent', failure: null };
    this.#insert([{ place: { era, offset: position.offset, turn: 0 }, entry, mark: null }]);
  }

  /** The server has refused an own message, or its answer was lost. */
  fail(cid: string, failure: Failure): void {
    this.#changeOutgoing(cid, { delivery: 'failed', failure });
  }

  /** An own message that failed is on its way once more. */
  retry(cid: string): void {
    this.#changeOutgoing(cid, { delivery: 'pending', failure: null });
  }

  /** Gives up on an own message. */
  discard(cid: string): void {
    this.#takeOutgoing(cid);
  }

  #take(message: RoomMessage, isRecovered: boolean): { type: Arrival; placed: Placed | null } {
    const { epoch, offset, senderId, sender, at } = message;
    const era = this.#eraOf(epoch);
    this.#advance(era, { epoch, offset });
    const place: Place = { era, offset, turn: 0 };
    const { text, cid, isText } = readPayload(message.data);
    const mark = cid === null || senderId === null ? null : `${senderId} ${cid}`;
    const outgoing = cid === null ? undefined : this.#takeOutgoing(cid);
    if (outgoing !== undefined) {
      if (mark !== null) this.#marks.add(mark);
      const entry: ChatMessage = { ...outgoing, at, delivery: 'sent', failure: null };
      return { type: 'own', placed: { place, entry, mark } };
    }
    const isKnown = this.#has(place) || (mark !== null && this.#marks.has(mark));
    if (isKnown) return { type: 'duplicate', placed: null };
    if (mark !== null) this.#marks.add(mark);
    const mine = senderId !== null && this.#isOwn(senderId);
    const entry: ChatMessage = {
      kind: 'message',
      key: `${era}:${offset}`,
      mine,
      sender,
      text,
      isText,
      at,
      delivery: 'sent',
      failure: null,
      recovery: isRecovered ? this.#recovery : null,
    };
    return { type: mine ? 'own' : 'new', placed: { place, entry, mark } };
  }

  #eraOf(epoch: string): number {
    if (this.#head === null) return 0;
    const { era, position } = this.#head;
    return position.epoch === epoch ? era : era + 1;
  }

  #advance(era: number, position: Position): void {
    const isAhead =
      this.#head === null || era > this.#head.era || position.offset > this.#head.position.offset;
    if (isAhead) this.#head = { era, position };
  }

  #has(place: Place): boolean {
    const index = indexOf(place, this.#placed);
    const found = this.#placed[index];
    return found !== undefined && compare(found.place, place) === 0;
  }

  #addNotice(entry: LogEntry): void {
    this.#insert([{ place: this.#placeOfNotice(), entry, mark: null }]);
  }

  #placeOfNotice(): Place {
    return { era: this.#head?.era ?? 0, offset: this.#head?.position.offset ?? 0, turn: (this.#turns += 1) };
  }

  /** `additions` are in order. */
  #insert(additions: readonly Placed[]): void {
    if (additions.length === 0) return;
    this.#placed = merge(this.#placed, additions);
    const dropped = this.#placed.splice(0, Math.max(0, this.#placed.length - ENTRIES_KEPT));
    for (const { mark } of dropped) if (mark !== null) this.#marks.delete(mark);
    this.#dropped += dropped.length;
    this.#entries = null;
  }

  #takeOutgoing(cid: string): ChatMessage | undefined {
    const index = this.#outgoing.findIndex((message) => message.key === cid);
    if (index === -1) return undefined;
    this.#entries = null;
    return this.#outgoing.splice(index, 1)[0];
  }

  #changeOutgoing(cid: string, change: Pick<ChatMessage, 'delivery' | 'failure'>): void {
    this.#outgoing = this.#outgoing.map((message) =>
      message.key === cid ? { ...message, ...change } : message,
    );
    this.#entries = null;
  }

  #newKey(): string {
    return `#${(this.#turns += 1)}`;
  }
}

function compare(one: Place, other: Place): number {
  return one.era - other.era || one.offset - other.offset || one.turn - other.turn;
}

/** Where a place is, or would be, in a list that is in order. */
function indexOf(place: Place, list: readonly Placed[]): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = list[middle];
    if (found !== undefined && compare(found.place, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Two lists that are in order, as one. */
function merge(list: readonly Placed[], additions: readonly Placed[]): Placed[] {
  const merged: Placed[] = [];
  let next = 0;
  for (const addition of additions) {
    const index = indexOf(addition.place, list);
    merged.push(...list.slice(next, Math.max(next, index)), addition);
    next = Math.max(next, index);
  }
  merged.push(...list.slice(next));
  return merged;
}
