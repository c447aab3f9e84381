import type { StateEntry } from '../../../protocol/rooms.ts';
import type { Draft, Publication } from '../../hub/publication.ts';
import type { Mark } from '../retention.ts';

/** What the store knows of itself. */
export interface StoreRecord {
  /** Of what this program writes; it can read lower ones. */
  readonly format: number;
  readonly id: string;
  /** Raised whenever a room goes, so that its next life has another epoch. */
  readonly generation: number;
  /** The id that the next room gets. */
  readonly nextRoom: number;
}

/** Of a room whose record cannot be read. */
export const UNKNOWN_ID = -1;

/** What the store knows of a room. */
export interface RoomRecord {
  /** Numbers the lives of rooms, from 1. */
  readonly id: number;
  readonly name: string;
  readonly epoch: string;
  /** Of the newest publication. */
  readonly offset: number;
  /** Of the oldest publication that is still there. */
  readonly first: number;
  /** Bytes of all publications there ever were. */
  readonly total: number;
  /** Revision of the state. */
  readonly rev: number;
  /** Keys of the state, and removed ones that are remembered. */
  readonly cells: number;
  /** Time of the last publication or change, ms since 1970. */
  readonly at: number;
  /** When somebody last had something to do with it, about, ms since 1970. */
  readonly used: number;
}

export function encodeRecord(record: StoreRecord | RoomRecord | StateEntry): Buffer {
  return Buffer.from(JSON.stringify(record));
}

export function decodeRecord<T extends StoreRecord | RoomRecord | StateEntry>(bytes: Buffer): T {
  return JSON.parse(bytes.toString()) as T;
}

/** What a publication was before it had a place; what is absent stays absent. */
interface Said {
  readonly kind: string;
  readonly data?: unknown;
  readonly sender?: string;
  readonly name?: string;
  readonly except?: string;
  readonly to?: string;
  readonly id?: string;
}

/** @throws TypeError when the data is no JSON value. */
export function encodeDraft({ kind, data, sender, except, to, id }: Draft): string {
  return JSON.stringify({ kind, data, sender: sender.id ?? undefined, name: sender.name, except, to, id });
}

export function decodeDraft(text: string): Draft {
  const { kind, data, sender, name, except, to, id } = JSON.parse(text) as Said;
  return { kind, data, sender: { id: sender ?? null, name }, except, to, id };
}

const AT = 0;
const TOTAL = 8;
const TEXT = 16;

/** A publication as it is stored: its mark can be read without the rest. */
export function encodePublication({ at, total }: Mark, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(TEXT + Buffer.byteLength(text));
  bytes.writeDoubleLE(at, AT);
  bytes.writeDoubleLE(total, TOTAL);
  bytes.write(text, TEXT);
  return bytes;
}

export function decodeMark(bytes: Buffer): Mark {
  return { at: bytes.readDoubleLE(AT), total: bytes.readDoubleLE(TOTAL) };
}

export function decodePublication(
  bytes: Buffer,
  place: Pick<Publication, 'room' | 'epoch' | 'offset'>,
): Publication {
  return { ...decodeDraft(bytes.toString('utf8', TEXT)), ...place, at: decodeMark(bytes).at };
}

/** A publish id's answer. */
export interface KnownId {
  readonly offset: number;
  /** When it was accepted, ms since 1970. */
  readonly at: number;
}

export function encodeKnownId({ offset, at }: KnownId): Buffer {
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeDoubleLE(offset, 0);
  bytes.writeDoubleLE(at, 8);
  return bytes;
}

export function decodeKnownId(bytes: Buffer): KnownId {
  return { offset: bytes.readDoubleLE(0), at: bytes.readDoubleLE(8) };
}
