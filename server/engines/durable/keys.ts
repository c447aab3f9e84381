import { createHash } from 'node:crypto';
import type { RoomAddress } from '../../hub/engine.ts';

/** Bytes that a text may have in a key; longer ones are there by their hash. */
const TEXT_BYTES = 512;
const NUMBER_BYTES = 6;

/** A key of whole numbers up to 2^48, in their order. */
export function numberKey(...numbers: readonly number[]): Buffer {
  const key = Buffer.allocUnsafe(numbers.length * NUMBER_BYTES);
  for (const [index, number] of numbers.entries())
    key.writeUIntBE(number, index * NUMBER_BYTES, NUMBER_BYTES);
  return key;
}

/** The `index`th number of such a key. */
export function numberIn(key: Buffer, index: number): number {
  return key.readUIntBE(index * NUMBER_BYTES, NUMBER_BYTES);
}

/** The key of a publish id of a room, under the time it was said in. */
export function publishIdKey(period: number, roomId: number, id: string): Buffer {
  return Buffer.concat([numberKey(period, roomId), textBytes(id)]);
}

/** The key of a room's record. */
export function roomKey({ space, name }: RoomAddress): Buffer {
  return Buffer.concat([spaceStart(space), textBytes(name)]);
}

/** Where the keys of a space's rooms start. */
export function spaceStart(space: string): Buffer {
  return Buffer.from(`${space}\0`);
}

/** What is greater than the keys of all rooms of a space. */
export function spaceEnd(space: string): Buffer {
  return Buffer.from(`${space}\u0001`);
}

/** JSON tells all texts apart, halves of surrogate pairs included, and starts with a quote. */
function textBytes(text: string): Buffer {
  const json = JSON.stringify(text);
  if (Buffer.byteLength(json) <= TEXT_BYTES) return Buffer.from(json);
  return Buffer.from(`#${createHash('sha256').update(json).digest('base64url')}`);
}

/** What a room's key says; a long name is not in it. */
export function addressIn(key: Buffer): { readonly space: string; readonly name: string | undefined } {
  const end = key.indexOf(0);
  const name = key.toString('utf8', end + 1);
  return {
    space: key.toString('utf8', 0, end),
    name: name.startsWith('"') ? (JSON.parse(name) as string) : undefined,
  };
}
