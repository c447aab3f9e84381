import { constants } from 'node:fs';
import { access, mkdir, realpath } from 'node:fs/promises';
import { StoreError } from '../../store-error.ts';
import { writeFailure } from './write-failure.ts';
import { Store } from './store.ts';
import { LockTaken, StoreLock } from './store-lock.ts';

/** A store that this process alone writes to. */
export interface OwnStore {
  readonly store: Store;
  /** Its folder, as it is really called. */
  readonly folder: string;
  /** Closes it, and others may have it. Everything must be written by then. */
  close(): Promise<void>;
}

/**
 * Opens the store in a folder; both are made when they are not there.
 *
 * @throws StoreError, with a sentence for every reason there may be.
 */
export async function openFolder(folder: string): Promise<OwnStore> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
    return await openLocked(await realpath(folder));
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(sentenceFor(folder, error), { cause: error });
  }
}

async function openLocked(folder: string): Promise<OwnStore> {
  const lock = await StoreLock.take(folder);
  try {
    const store = await Store.open(folder);
    return {
      store,
      folder,
      close: async () => {
        await store.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function sentenceFor(folder: string, error: unknown): string {
  if (error instanceof LockTaken) {
    const who = error.pid === undefined ? 'another process' : `process ${error.pid}`;
    return `The store in ${folder} is in use by ${who}. Stop that, or take another folder with --data.`;
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `The store in ${folder} may not be written by this user.`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `There cannot be a store in ${folder}: that is no folder.`;
    default:
      return `The store in ${folder} cannot be opened: ${writeFailure(error)}.`;
  }
}
