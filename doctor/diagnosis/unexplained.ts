import { TRANSPORTS } from '../checks/line-openers.ts';
import type { Rule } from './rule.ts';
import { works } from './works.ts';

/** Something does not work, and it shows none of the behaviours that have a name. Looked at where nothing else is found. */
export const unexplained: Rule = {
  id: 'unexplained',
  look({ known, url }) {
    const failed = TRANSPORTS.filter((name) => known[name] !== undefined && !works(known, name));
    if (failed.length === 0) return null;
    return {
      severity: failed.length === TRANSPORTS.length ? 'fail' : 'warn',
      title: `Something is in the way of ${failed.join(', ')}`,
      evidence: failed.map((name) => {
        const { openMs = null, status = null } = known[name] ?? {};
        const how = openMs === null ? 'did not open' : 'opened, and did not last';
        return `${name} ${how}${status === null ? '' : `; the answer was ${status}`}.`;
      }),
      remedy: {
        user: 'Nothing needs to be done as long as another connection works. A report of this examination helps those who look for the cause.',
        it: `Requests to ${url.host}/echo/… fail where others pass. Please look for rules about long addresses, types or methods, and for scanners that hold requests back.`,
        operator: 'Look in the log of a proxy of yours for requests below /echo.',
      },
    };
  },
};
