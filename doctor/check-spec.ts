import type { CheckId, FactsOf } from './facts.ts';
import type { Path } from './path.ts';

/** What came of a check. */
export type Outcome<F> =
  | {
      readonly status: 'pass' | 'warn' | 'fail';
      readonly detail: string;
      readonly facts: F;
      /** It was seen more than once already. Default false. */
      readonly isCertain?: boolean;
    }
  | { readonly status: 'skip'; readonly detail: string };

/** A check as the examination runs it. */
export interface CheckSpec<Id extends CheckId = CheckId> {
  readonly id: Id;
  /** What is looked at. */
  readonly title: string;
  /** What fails is tried once more, unless it takes long and sees to that itself. Default true. */
  readonly isRepeated?: boolean;
  run(path: Path): Promise<Outcome<FactsOf[Id]>>;
}

/** A {@link CheckSpec}, with the types its id stands for. */
export function defineCheck<Id extends CheckId>(spec: CheckSpec<Id>): CheckSpec<Id> {
  return spec;
}

/** It could not be looked at. */
export function skipped(detail: string): { readonly status: 'skip'; readonly detail: string } {
  return { status: 'skip', detail };
}
