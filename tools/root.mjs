import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, wherever the command was typed. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export const inRoot = (...parts) => join(root, ...parts);

/** What tools remember between runs. */
export const cache = (...parts) => inRoot('.cache', ...parts);
