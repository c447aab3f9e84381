/** `npm run build`: installs and builds what is missing or stale. */
import { ensureBuild } from './builds.mjs';
import { prepare } from './prepare.mjs';
import { say } from './progress.mjs';

if (await prepare({ also: ensureBuild })) say('dist/ is up to date.');
