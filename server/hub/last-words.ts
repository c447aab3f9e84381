import type { Member } from './member.ts';

/** The last of what each member said that is not accepted yet. */
export class LastWords {
  readonly #pending = new Map<Member, Promise<unknown>>();

  /** A member said or changed something; it may have been accepted at once. */
  note(member: Member | undefined, acceptance: unknown): void {
    if (member === undefined || !(acceptance instanceof Promise)) return;
    this.#pending.set(member, acceptance);
    const forget = (): void => {
      if (this.#pending.get(member) === acceptance) this.#pending.delete(member);
    };
    acceptance.then(forget, forget);
  }

  /** When all that a member has said is accepted or refused; `undefined`: now. */
  of(member: Member): Promise<unknown> | undefined {
    return this.#pending.get(member);
  }
}
