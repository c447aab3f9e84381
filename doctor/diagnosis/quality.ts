import { kibibytes, seconds } from '../amounts.ts';
import type { Known } from '../facts.ts';
import { NOTHING_TO_DO, type Rule } from './rule.ts';

/** One notices it in a conversation, ms. */
const SLOW_MS = 290;
/** Fewer are chance, as are fewer than one in so many answers. */
const STALLS = 3;
const ANSWERS_PER_STALL = 12;
const NARROW_BYTES_PER_SECOND = 32_768;

/** What is asked for and answered when a round trip is measured, about, bytes. */
const PING_BYTES = 2000;

const slow: Rule = {
  id: 'slow',
  look({ known }) {
    const { reach, steady } = known;
    const roundTripMs = steady?.plainMs ?? reach?.roundTripMs ?? 0;
    const rate = narrowRate(known);
    const carryingMs = rate === null ? 0 : (PING_BYTES * 1000) / rate;
    if (roundTripMs - carryingMs < SLOW_MS || reach?.isSockJS !== true) return null;
    return {
      severity: 'info',
      title: `The way to the server is long: ${seconds(roundTripMs)} there and back`,
      evidence: [`Most small answers take ${seconds(roundTripMs)} or more.`],
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
    if (steady === undefined || steady.stalls < Math.max(STALLS, steady.asked / ANSWERS_PER_STALL))
      return null;
    return {
      severity: 'info',
      title: 'Answers stall now and then, as where packets are lost',
      evidence: [
        `Most answers take ${seconds(steady.roundTripMs)}, but ${steady.stalls} times some took much longer.`,
      ],
      remedy: {
        user: 'Everything works, with pauses. Going nearer to the wireless router, or a cable, may help.',
        it: 'Answers stall as where packets are lost. Please look at the wireless network and at overloaded links.',
        operator: NOTHING_TO_DO,
      },
    };
  },
};

/** What a narrow way carries, bytes a second; `null` where it is not narrow. */
function narrowRate(known: Known): number | null {
  const sizes = [known['post-size'], known['websocket-size']].filter((size) => size !== undefined);
  const rates = sizes.map(({ bytesPerSecond }) => bytesPerSecond ?? Infinity);
  const rate = Math.max(...rates);
  return rates.length > 0 && rate < NARROW_BYTES_PER_SECOND ? rate : null;
}

const narrow: Rule = {
  id: 'narrow',
  look({ known }) {
    const rate = narrowRate(known);
    if (rate === null) return null;
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
