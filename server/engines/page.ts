import type { HistoryRange } from '../hub/engine.ts';

/** What a page of history may hold, in bytes as {@link Readable.bytes} counts them. */
const PAGE_BYTES = 524_288;

/** A stream as pages are cut from it: offsets `first` to `last`. */
export interface Readable<T> {
  readonly first: number;
  readonly last: number;
  read(offset: number): T;
  bytes(item: T): number;
}

/** Reads a page: in stream order, as many as the range asks for and fit, but at least one if there is one. */
export function readPage<T>(stream: Readable<T>, { before, after, limit }: HistoryRange): T[] {
  return after === undefined
    ? read(stream, Math.min(before ?? Infinity, stream.last + 1) - 1, -1, limit).reverse()
    : read(stream, Math.max(after + 1, stream.first), 1, limit);
}

function read<T>(stream: Readable<T>, from: number, step: 1 | -1, limit: number): T[] {
  const page: T[] = [];
  let bytes = 0;
  for (let offset = from; offset >= stream.first && offset <= stream.last; offset += step) {
    if (page.length >= limit) break;
    const item = stream.read(offset);
    bytes += stream.bytes(item);
    if (page.length > 0 && bytes > PAGE_BYTES) break;
    page.push(item);
  }
  return page;
}
