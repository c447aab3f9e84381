import fc from 'fast-check';
import type { CutStyle } from '../chaos/bad-line.ts';

/** How many travellers there are, named by their numbers from 0. */
export const TRAVELLERS = 3;

/** One thing that happens. What makes no sense at the time, as when somebody speaks who is not in, is passed over. */
export type Step =
  | readonly ['join' | 'leave' | 'say' | 'count' | 'set', who: number]
  /** Its line is cut. */
  | readonly ['cut', who: number, style: CutStyle]
  /** Its line is cut as soon as the next answer comes, which is lost. */
  | readonly ['lose answer', who: number]
  /** Nothing gets through any more, or again. */
  | readonly ['down' | 'up', who: number]
  /** WebSocket does not get through any more, or again. */
  | readonly ['refuse WebSocket' | 'allow WebSocket', who: number]
  /** Somebody else says so many things at once. */
  | readonly ['burst', count: number]
  /** `kill -9`, and a new start on the same store. */
  | readonly ['kill']
  | readonly ['wait', ms: number];

const who = fc.nat({ max: TRAVELLERS - 1 });

function step<T extends Step>(
  weight: number,
  ...parts: { [K in keyof T]: fc.Arbitrary<T[K]> }
): fc.WeightedArbitrary<T> {
  return { weight, arbitrary: fc.tuple(...parts) as unknown as fc.Arbitrary<T> };
}

/** Any schedule. */
export const schedules: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    step(4, fc.constant('join'), who),
    step(2, fc.constant('leave'), who),
    step(8, fc.constant('say'), who),
    step(2, fc.constantFrom('count', 'set'), who),
    step(4, fc.constant('cut'), who, fc.constantFrom('end', 'reset')),
    step(2, fc.constant('lose answer'), who),
    step(2, fc.constantFrom('down', 'up'), who),
    step(2, fc.constantFrom('refuse WebSocket', 'allow WebSocket'), who),
    step(3, fc.constant('burst'), fc.integer({ min: 1, max: 40 })),
    step(1, fc.constant('kill')),
    step(6, fc.constant('wait'), fc.integer({ min: 0, max: 60 })),
  ) as fc.Arbitrary<Step>,
  { minLength: 10, maxLength: 50 },
);
