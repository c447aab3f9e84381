import { fileURLToPath } from 'node:url';

/** The program, as it is built. */
export const CLI = fileURLToPath(new URL('../../dist/server/cli.js', import.meta.url));
