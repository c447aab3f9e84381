import type { TransportName } from '../../../client/index.ts';
import { Store } from '../store.ts';
import { explainAbsence } from './absence.ts';
import { describeTarget, type Endpoint, endpointOf } from './endpoint.ts';
import { FrameHistory } from './frame-history.ts';
import { FrameLog, type LogNote } from './frame-log.ts';
import type { Line, LineListener, Target } from './lines/line.ts';
import type { Example, Field, Moment, Protocol, Remedy } from './protocol.ts';
import { type SessionListener, type SessionPhase, TrySession } from './try-session.ts';
import type { Way } from './ways.ts';

/** `idle`: it has not connected yet. */
export type TryPhase = SessionPhase | 'idle';

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

/** One client on a page to try a protocol: what it will connect to, its connection, and all that went over it. */
export class TryClient extends Store {
  readonly protocol: Protocol;
  readonly label: string;
  readonly #index: 0 | 1;
  readonly #surroundings: TrySurroundings;
  readonly #history = new FrameHistory();
  readonly #log = new FrameLog();
  readonly #fields: Map<string, string>;
  #way: Way;
  /** Name of the example in the editor. */
  #example: string | null;
  #text = '';
  #session: TrySession | null = null;
  #receivedCount = 0;

  constructor(protocol: Protocol, index: 0 | 1, surroundings: TrySurroundings) {
    super();
    this.protocol = protocol;
    this.label = PERSONAS[index].label;
    this.#index = index;
    this.#surroundings = surroundings;
    this.#fields = new Map(protocol.fields.map(({ key, defaults }) => [key, defaults[index]]));
    this.#way = protocol.ways[0] ?? 'raw';
    this.#example = this.examples[0]?.name ?? null;
  }

  get phase(): TryPhase {
    return this.#session?.phase ?? 'idle';
  }

  /** True while way and fields cannot be changed. */
  get isBusy(): boolean {
    return this.phase !== 'idle' && this.phase !== 'closed';
  }

  /** The last connection, open or not; `null` before the first. */
  get session(): Pick<TrySession, 'transport' | 'end' | 'hasFailed'> | null {
    return this.#session;
  }

  get way(): Way {
    return this.#way;
  }

  get fields(): ReadonlyMap<string, string> {
    return this.#fields;
  }

  /** The fields that play a part the way that is chosen. */
  get activeFields(): readonly Field[] {
    return this.protocol.fields.filter(({ ways }) => ways?.includes(this.#way) !== false);
  }

  /** A blank that has to be filled in before connecting. */
  get missing(): Field | null {
    const isEmpty = ({ key, place }: Field): boolean =>
      place === 'path' && this.#fields.get(key)?.trim() === '';
    return this.protocol.fields.find(isEmpty) ?? null;
  }

  get endpoint(): Endpoint {
    return endpointOf(this.protocol, this.#fields, this.#surroundings.base);
  }

  get log(): Pick<FrameLog, 'entries' | 'dropped' | 'toText'> {
    return this.#log;
  }

  /** How many frames have come in since the client was made. */
  get receivedCount(): number {
    return this.#receivedCount;
  }

  /** The example in the editor, as it is by now; `null` when the user has typed something else. */
  get example(): Example | null {
    if (this.#example === null) return null;
    const { examples } = this;
    return examples.find(({ name }) => name === this.#example) ?? examples[0] ?? null;
  }

  /** What is in the editor. */
  get draft(): string {
    return this.example?.text ?? this.#text;
  }

  get examples(): readonly Example[] {
    const { me, other } = PERSONAS[this.#index];
    const received = this.#session?.received ?? [];
    const moment: Moment = { me, other, way: this.#way, fields: this.#fields, received };
    return this.protocol.examples(moment);
  }

  /** What may help after a refusal; `null` when nothing is known or nothing was refused. */
  get remedy(): Remedy | null {
    return this.#session?.wasRefused === true ? (this.protocol.remedy?.(this.endpoint) ?? null) : null;
  }

  /** Another way from the next connection on. */
  choose(way: Way): void {
    this.#way = way;
    this.changed();
  }

  fill(field: Field, value: string): void {
    this.#fields.set(field.key, value);
    this.changed();
  }

  /** Puts an example into the editor. */
  take({ name }: Example): void {
    this.#example = name;
    this.changed();
  }

  /** Puts any text into the editor. */
  write(text: string): void {
    this.#example = null;
    this.#text = text;
    this.changed();
  }

  /** Puts what was sent earlier, or later, into the editor. False when there is no such thing. */
  recall(which: 'older' | 'newer'): boolean {
    const text = which === 'older' ? this.#history.older(this.draft) : this.#history.newer();
    if (text === null) return false;
    this.write(text);
    return true;
  }

  connect(): void {
    if (this.isBusy || this.missing !== null) return;
    const { endpoint, protocol } = this;
    const { openLine, forced } = this.#surroundings;
    const target = { endpoint, way: this.#way, forced: forced() };
    this.#note(`Connecting to ${describeTarget(endpoint, this.#way)}`);
    this.#session = new TrySession(
      (listener) => openLine(target, listener),
      () => explainAbsence(protocol, endpoint),
      this.#listener,
    );
  }

  disconnect(): void {
    this.#session?.close();
  }

  /** Sends a text, connecting first where that is needed. */
  send(text: string): void {
    this.#history.add(text);
    this.connect();
    this.#session?.send(text);
  }

  /** Does what {@link TryClient.remedy} says, and connects when the server took it. */
  async applyRemedy({ text, url, fields }: Remedy): Promise<void> {
    this.#note(text);
    try {
      const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
      if (response.ok) this.connect();
      else this.#note(`The server answered ${response.status}: ${await response.text()}`, 'bad');
    } catch {
      this.#note('The server cannot be reached.', 'bad');
    }
  }

  clearLog(): void {
    this.#log.clear();
    this.changed();
  }

  readonly #listener: SessionListener = {
    changed: () => this.changed(),
    note: (text, tone) => this.#note(text, tone),
    frame: (direction, data) => {
      this.#log.addFrame(direction, data, Date.now());
      if (direction === 'received') this.#receivedCount += 1;
      this.changed();
    },
  };

  #note(text: string, tone: LogNote['tone'] = 'calm'): void {
    this.#log.addNote(text, tone, Date.now());
    this.changed();
  }
}
