import { join } from 'node:path';
import { StoreError } from '../../store-error.ts';
import { decodeRecord, type StoreRecord } from './records.ts';
import { StoreDamage } from './store-damage.ts';
import type { Tree } from './tree.ts';

/** Of what this program writes. */
export const FORMAT = 1;
/** Where the store's own record is, in the tree that has the names of the others. */
export const RECORD_KEY = Buffer.from('roomplex');
/** Keys and values are bytes. */
export const BYTES = { encoding: 'binary', keyEncoding: 'binary' } as const;
/** What there is beside it. */
export const TREES = ['rooms', 'publications', 'cells', 'publish-ids', 'remains', 'probes'] as const;
/** How a file is opened, to read or to write. */
export const FILE_OPTIONS = { ...BYTES, maxDbs: 8, overlappingSync: false } as const;

const FILE = 'store.mdb';

/** The file in a folder that is the store. */
export function storeFile(folder: string): string {
  return join(folder, FILE);
}

/**
 * What a store says of itself.
 *
 * @throws StoreError when this program cannot use it.
 */
export function readStoreRecord(tree: Tree, folder: string): StoreRecord {
  const bytes = tree.get(RECORD_KEY);
  if (bytes === undefined) throw new StoreError(`What is in ${storeFile(folder)} is no store of Roomplex.`);
  const record = decodeRecord<StoreRecord>(bytes);
  if (record.format <= FORMAT) return record;
  throw new StoreError(
    `The store in ${folder} was written by a newer Roomplex: its format is ${record.format}, this one knows ${FORMAT}.`,
  );
}

/** Damage as it is told to an operator; any other error as it is. */
export function asStoreError(error: unknown, folder: string): unknown {
  if (!(error instanceof StoreDamage)) return error;
  return new StoreError(
    `The store in ${folder} is damaged: ${FILE} cannot be used, ${error.message}. ` +
      'Put a copy of it back, or move the folder away to begin with an empty one.',
    { cause: error },
  );
}
