import { seconds } from '../answer.ts';
import { kibibytes } from '../checks/size-ladder.ts';
import { NOTHING_TO_DO, type Rule } from './rule.ts';

/** One notices it in a conversation, ms. */
const SLOW_MS = 250;
/** Answers that take so much longer than most have stalled, ms. */
const STALL_MS = 300;
const NARROW_BYTES_PER_SECOND = 32_768;

const slow: Rule = {
  id: 'slow',
  look({ known: { reach, steady } }) {
    const roundTripMs = steady?.roundTripMs ?? reach?.roundTripMs ?? 0;
    if (roundTripMs < SLOW_MS || reach?.isSockJS !== true) return null;
    return {
      severity: 'info',
      title: `The way to the server is long: ${seconds(roundTripMs)} there and back`,
      evidence: [`Half of all small answers take ${seconds(roundTripMs)} or more.`],
      remedy: {
        user: 'Everything works, only later. A nearer network or a cable may help.',
        it: NOTHING_TO_DO,
        operator: 'A server nearer to the people who use it helps.',
      },
    };
  },
};

const lossy: Rule = {
  id: 'lossy',
  look({ known: { steady } }) {
    if (steady === undefined || steady.jitterMs < Math.max(STALL_MS, steady.roundTripMs / 2)) return null;
    return {
      severity: 'info',
      title: 'Answers stall now and then, as where packets are lost',
      evidence: [
        `Most answers take ${seconds(steady.roundTripMs)}, some ${seconds(steady.roundTripMs + steady.jitterMs)}.`,
      ],
      remedy: {
        user: 'Everything works, with pauses. Going nearer to the wireless router, or a cable, may help.',
        it: 'Answers stall as where packets are lost. Please look at the wireless network and at overloaded links.',
        operator: NOTHING_TO_DO,
      },
    };
  },
};

const narrow: Rule = {
  id: 'narrow',
  look({ known }) {
    const told = [known['post-size']?.bytesPerSecond, known['websocket-size']?.bytesPerSecond].filter(
      (rate) => typeof rate === 'number',
    );
    const rate = Math.max(...told);
    if (told.length === 0 || rate >= NARROW_BYTES_PER_SECOND) return null;
    return {
      severity: 'info',
      title: `The way is narrow: it carries about ${kibibytes(rate)} a second`,
      evidence: [`Larger requests went at ${kibibytes(rate)} a second.`],
      remedy: {
        user: 'Everything works, only large messages take their time.',
        it: NOTHING_TO_DO,
        operator: NOTHING_TO_DO,
      },
    };
  },
};

export const QUALITY: readonly Rule[] = [slow, lossy, narrow];
