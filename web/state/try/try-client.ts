import type { TransportName } from '../../../client/index.ts';
import { Store } from '../store.ts';
import { explainAbsence } from './absence.ts';
import { describeEnd } from './close-words.ts';
import { describeTarget, type Endpoint, endpointOf, fieldApplies } from './endpoint.ts';
import { FrameHistory } from './frame-history.ts';
import { FrameLog, type LogEntry } from './frame-log.ts';
import type { Line, LineEnd, LineListener, Target } from './lines/line.ts';
import type { Example, Field, Moment, Protocol } from './protocol.ts';
import type { Way } from './ways.ts';

/** `lost`: the connection is gone and the client tries to get it back, as channels do. */
export type TryPhase = 'idle' | 'connecting' | 'open' | 'lost' | 'closing' | 'closed';

/** What a client needs to know of where it lives. */
export interface TrySurroundings {
  /** Where the app lives. */
  readonly base: URL;
  /** The transport this tab insists on, for channels. */
  readonly forced: () => TransportName | null;
  readonly openLine: (target: Target, listener: LineListener) => Line;
}

/** Names in examples, and which of a field's defaults is meant. */
const PERSONAS = [
  { label: 'Client A', me: 'ann', other: 'bob' },
  { label: 'Client B', me: 'bob', other: 'ann' },
] as const;

/** One client on a page to try a protocol: what it will connect to, its line, and all that went over it. */
export class TryClient extends Store {
  readonly protocol: Protocol;
  readonly label: string;
  readonly #index: 0 | 1;
  readonly #surroundings: TrySurroundings;
  readonly #history = new FrameHistory();
  readonly #log = new FrameLog();
  readonly #fields: Map<string, string>;
  #way: Way;
  #draft: string;
  #phase: TryPhase = 'idle';
  #line: Line | null = null;
  #transport: string | null = null;
  #openedAt: number | null = null;
  #end: string | null = null;
  #hasFailed = false;
  #waiting: string[] = [];
  #received: readonly string[] = [];
  #receivedCount = 0;

  constructor(protocol: Protocol, index: 0 | 1, surroundings: TrySurroundings) {
    super();
    this.protocol = protocol;
    this.label = PERSONAS[index].label;
    this.#index = index;
    this.#surroundings = surroundings;
    this.#fields = new Map(protocol.fields.map(({ key, defaults }) => [key, defaults[index]]));
    this.#way = protocol.ways[0] ?? 'raw';
    this.#draft = this.examples[0]?.text ?? '';
  }

  get phase(): TryPhase {
    return this.#phase;
  }

  /** True while way and fields cannot be changed. */
  get isBusy(): boolean {
    return this.#phase !== 'idle' && this.#phase !== 'closed';
  }

  /** What carries it, while it is open. */
  get transport(): string | null {
    return this.#transport;
  }

  /** How the last line ended, in words. */
  get end(): string | null {
    return this.#end;
  }

  /** True when the last line never opened. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  get way(): Way {
    return this.#way;
  }

  get fields(): ReadonlyMap<string, string> {
    return this.#fields;
  }

  get endpoint(): Endpoint {
    return endpointOf(this.protocol, this.#fields, this.#surroundings.base);
  }

  /** A blank that has to be filled in before connecting. */
  get missing(): Field | null {
    return (
      this.protocol.fields.find(
        ({ key, place }) => place === 'path' && this.#fields.get(key)?.trim() === '',
      ) ?? null
    );
  }

  get entries(): readonly LogEntry[] {
    return this.#log.entries;
  }

  /** How many older entries were forgotten. */
  get dropped(): number {
    return this.#log.dropped;
  }

  /** How many frames have come in since the client was made. */
  get receivedCount(): number {
    return this.#receivedCount;
  }

  get draft(): string {
    return this.#draft;
  }

  get examples(): readonly Example[] {
    const { me, other } = PERSONAS[this.#index];
    const moment: Moment = { me, other, way: this.#way, fields: this.#fields, received: this.#received };
    return this.protocol.examples(moment);
  }

  get logText(): string {
    return this.#log.toText();
  }

  /** Another way from the next connection on. An example that is in the editor untouched changes with it. */
  choose(way: Way): void {
    this.#keepingExample(() => {
      this.#way = way;
    });
  }

  fill(field: Field, value: string): void {
    this.#keepingExample(() => this.#fields.set(field.key, value));
  }

  write(draft: string): void {
    this.#draft = draft;
    this.changed();
  }

  /** Puts what was sent earlier, or later, into the editor. False when there is no such thing. */
  recall(which: 'older' | 'newer'): boolean {
    const text = which === 'older' ? this.#history.older(this.#draft) : this.#history.newer();
    if (text === null) return false;
    this.write(text);
    return true;
  }

  connect(): void {
    if (this.isBusy || this.missing !== null) return;
    this.#phase = 'connecting';
    this.#end = null;
    this.#hasFailed = false;
    this.#received = [];
    const endpoint = this.endpoint;
    this.#log.addNote(`Connecting to ${describeTarget(endpoint, this.#way)}`, 'calm', Date.now());
    const listener: LineListener = {
      opened: (transport) => this.#opened(transport),
      message: (data) => this.#receive(data),
      noted: (what) => this.#note(what),
      lost: () => this.#lost(),
      closed: (end) => void this.#closed(end, endpoint),
    };
    const target = { endpoint, way: this.#way, forced: this.#surroundings.forced() };
    this.#line = this.#surroundings.openLine(target, listener);
    this.changed();
  }

  disconnect(): void {
    if (this.#phase === 'closing' || !this.isBusy) return;
    this.#phase = 'closing';
    this.#waiting = [];
    this.#line?.close();
    this.changed();
  }

  /** Sends a text, connecting first where that is needed. */
  send(text: string): void {
    if (this.#phase === 'closing') return;
    this.#history.add(text);
    if (this.#phase === 'open') this.#sendNow(text);
    else {
      this.#waiting.push(text);
      this.connect();
      if (!this.isBusy) this.#waiting = [];
    }
    this.changed();
  }

  clearLog(): void {
    this.#log.clear();
    this.changed();
  }

  /** The fields that play a part the way that is chosen. */
  get activeFields(): readonly Field[] {
    return this.protocol.fields.filter((field) => fieldApplies(field, this.#way));
  }

  #opened(transport: string): void {
    this.#transport = transport;
    this.#openedAt = Date.now();
    this.#phase = 'open';
    this.#note(`Connected over ${transport}`);
    for (const text of this.#waiting.splice(0)) this.#sendNow(text);
    this.changed();
  }

  #receive(data: string | ArrayBuffer): void {
    this.#log.addFrame('received', data, Date.now());
    this.#receivedCount += 1;
    if (typeof data === 'string') {
      this.#keepingExample(() => {
        this.#received = [...this.#received, data].slice(-RECEIVED_KEPT);
      });
    }
    this.changed();
  }

  #lost(): void {
    this.#phase = 'lost';
    this.#transport = null;
    this.#note('The connection was lost. Trying to get it back.', 'bad');
  }

  async #closed(end: LineEnd, endpoint: Endpoint): Promise<void> {
    const wasOpen = this.#openedAt !== null;
    const wasAsked = this.#phase === 'closing';
    const unsent = this.#waiting.splice(0).length;
    this.#line = null;
    this.#transport = null;
    this.#openedAt = null;
    this.#phase = 'closed';
    this.#hasFailed = !wasOpen && !wasAsked;
    this.#end = this.#hasFailed ? 'Could not connect' : describeEnd(end);
    if (!this.#hasFailed) this.#note(`${this.#end}.`, wasAsked || end.code === 1000 ? 'calm' : 'bad');
    else this.#note(`Could not connect. ${await explainAbsence(this.protocol, endpoint)}`, 'bad');
    if (unsent > 0) this.#note('What was waiting was not sent.', 'bad');
  }

  #sendNow(text: string): void {
    this.#log.addFrame('sent', text, Date.now());
    try {
      this.#line?.send(text);
    } catch (error) {
      this.#note(`Not sent: ${String(error)}`, 'bad');
    }
  }

  #note(text: string, tone: 'calm' | 'bad' = 'calm'): void {
    this.#log.addNote(text, tone, Date.now());
    this.changed();
  }

  /** After a change, the editor shows the same example as it is now, unless the user has typed something else. */
  #keepingExample(change: () => void): void {
    const place = this.examples.findIndex(({ text }) => text === this.#draft);
    change();
    if (place !== -1) {
      const { examples } = this;
      this.#draft = (examples[place] ?? examples[0])?.text ?? '';
    }
    this.changed();
  }
}

/** What examples may look back at. */
const RECEIVED_KEPT = 50;
