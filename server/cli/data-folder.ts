import { type GivenOptions, valued } from './given-options.ts';
import { readText, readYesNo, wrong } from './read-value.ts';

const DEFAULT = './data';

/**
 * The folder of the store, as it was given; `undefined` when nothing is to be kept. Of the sources, strongest first,
 * the first that speaks of it counts; one that says both contradicts itself.
 */
export function readDataFolder(layers: readonly GivenOptions[]): string | undefined {
  let isMemoryDenied = false;
  for (const layer of layers) {
    const [data, memory] = [valued(layer.get('data')), valued(layer.get('memory'))];
    const keepsNothing = !isMemoryDenied && memory !== undefined && readYesNo(memory);
    if (keepsNothing && data !== undefined) {
      throw wrong(data, `says where to keep rooms, and ${memory.from} to keep nothing: give one of them.`);
    }
    if (keepsNothing) return undefined;
    if (data !== undefined) return readText(data);
    isMemoryDenied ||= memory !== undefined;
  }
  return DEFAULT;
}
