/** Something that was said. */
export interface LogFrame {
  readonly kind: 'frame';
  readonly key: number;
  /** ms since 1970. */
  readonly at: number;
  readonly direction: 'sent' | 'received';
  /** Binary ones as hexadecimal digits, the first few. */
  readonly text: string;
  readonly bytes: number;
  readonly isBinary: boolean;
}

/** Something that happened. */
export interface LogNote {
  readonly kind: 'note';
  readonly key: number;
  readonly at: number;
  readonly text: string;
  readonly tone: 'calm' | 'bad';
}

export type LogEntry = LogFrame | LogNote;

const ENTRIES_KEPT = 500;
const CHARACTERS_KEPT = 4_000_000;
const HEX_SHOWN = 64;

/** The newest frames of a line and what happened between them: at most so many, and so many characters. */
export class FrameLog {
  #entries: readonly LogEntry[] = [];
  #characters = 0;
  #keys = 0;
  #dropped = 0;

  /** Oldest first; another array after each change. */
  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** How many older ones were forgotten. */
  get dropped(): number {
    return this.#dropped;
  }

  addFrame(direction: LogFrame['direction'], data: string | ArrayBuffer, at: number): void {
    const isBinary = typeof data !== 'string';
    this.#add({
      kind: 'frame',
      key: (this.#keys += 1),
      at,
      direction,
      text: isBinary ? hexOf(data) : data,
      bytes: isBinary ? data.byteLength : new TextEncoder().encode(data).byteLength,
      isBinary,
    });
  }

  addNote(text: string, tone: LogNote['tone'], at: number): void {
    this.#add({ kind: 'note', key: (this.#keys += 1), at, text, tone });
  }

  clear(): void {
    this.#entries = [];
    this.#characters = 0;
    this.#dropped = 0;
  }

  /** All of it as text, a line for each entry. */
  toText(): string {
    return this.#entries
      .map((entry) => `${new Date(entry.at).toISOString()} ${MARKS[markOf(entry)]} ${entry.text}`)
      .join('\n');
  }

  #add(entry: LogEntry): void {
    this.#characters += entry.text.length;
    const entries = [...this.#entries, entry];
    while (entries.length > 1 && (entries.length > ENTRIES_KEPT || this.#characters > CHARACTERS_KEPT)) {
      this.#characters -= entries.shift()?.text.length ?? 0;
      this.#dropped += 1;
    }
    this.#entries = entries;
  }
}

const MARKS = { sent: '>', received: '<', note: '#' };

function markOf(entry: LogEntry): keyof typeof MARKS {
  return entry.kind === 'note' ? 'note' : entry.direction;
}

function hexOf(data: ArrayBuffer): string {
  const bytes = [...new Uint8Array(data, 0, Math.min(data.byteLength, HEX_SHOWN))];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return data.byteLength > HEX_SHOWN ? `${hex} …` : hex;
}
