import type { Clock } from '../clock.ts';
import { createDeferred, type Deferred } from '../deferred.ts';
import { RoomplexError } from '../errors.ts';
import type { QueueBudget } from '../queue-budget.ts';
import type { Answer } from './requests.ts';

/** The way to the server as an outbox sees it. */
export interface Courier {
  readonly clock: Clock;
  readonly budget: QueueBudget;
  /** Throws when too much is on its way already; to be asked before a request that can be refused. */
  assertCapacity(): void;
  /** `body` is JSON. Only while there is a way. */
  request(event: string, body: string, settle: (answer: Answer) => void): void;
}

/**
 * What becomes of an errand whose answer was lost. `again`: it changes nothing, so it is sent again. `briefly`: the
 * server knows it again, for a while and in the same epoch. `never`: done twice it would do harm.
 */
export type Repeat = 'again' | 'briefly' | 'never';

interface Errand {
  readonly event: string;
  readonly body: string;
  readonly repeat: Repeat;
  readonly answer: Deferred<unknown>;
  /** The first time. */
  sent: { readonly at: number; readonly epoch: string | null } | null;
  isRepeated: boolean;
  cuts: number;
}

/** The server knows a publication again for five minutes; what is sent later may not get there in time. */
const REPEAT_MS = 240_000;

/** The line broke so often under the first in line that this must be the reason. */
const MOST_CUTS = 5;

/**
 * What an application wants of the server in one room: sent in order while the room is joined, and again after a
 * lost connection. Every errand ends with the truth: the server's answer; the error that kept it from being sent;
 * or `unknown-outcome`.
 */
export class Outbox {
  readonly #courier: Courier;
  /** Unanswered, in the order in which they were asked for: all on their way while it is open, all waiting else. */
  readonly #errands = new Set<Errand>();
  #isOpen = false;
  /** Of the room, when it was last joined. */
  #epoch: string | null = null;
  #end: RoomplexError | null = null;
  #cancelWatch: () => void = () => undefined;

  constructor(courier: Courier) {
    this.#courier = courier;
  }

  /** Resolves with the body of the server's answer. */
  ask(event: string, body: string, repeat: Repeat): Promise<unknown> {
    const answer = createDeferred<unknown>();
    const errand: Errand = { event, body, repeat, answer, sent: null, isRepeated: false, cuts: 0 };
    try {
      if (this.#isOpen) this.#courier.assertCapacity();
      else this.#courier.budget.take();
      this.#errands.add(errand);
      if (this.#isOpen) this.#send(errand);
    } catch (error) {
      answer.reject(error as Error);
    }
    return answer.promise;
  }

  /** The room was joined: everything goes out that waited. */
  open(epoch: string | null): void {
    this.#cancelWatch();
    this.#courier.budget.give(this.#errands.size);
    this.#isOpen = true;
    this.#epoch = epoch;
    for (const errand of this.#errands) {
      const doubt = this.#doubt(errand);
      if (doubt === null) this.#send(errand);
      else this.#reject(errand, unknownOutcome(doubt));
    }
  }

  /** The connection was lost. */
  lost(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const [first] = this.#errands;
    if (first !== undefined) first.cuts += 1;
    for (const errand of this.#errands) {
      if (errand.repeat === 'never') {
        this.#reject(errand, unknownOutcome('the connection was lost before the answer'));
      } else if (errand.cuts >= MOST_CUTS) {
        this.#reject(errand, unknownOutcome(`the connection broke ${MOST_CUTS} times under it`));
      }
    }
    this.#courier.budget.owe(this.#errands.size);
    this.#watch();
  }

  /** The room was left. What is on its way may still be answered; what waits is rejected. */
  end(error: RoomplexError): void {
    this.#end = error;
    this.#cancelWatch();
    if (this.#isOpen) return;
    this.#courier.budget.give(this.#errands.size);
    for (const errand of this.#errands) this.#abandon(errand, error);
  }

  #send(errand: Errand): void {
    errand.isRepeated = errand.sent !== null;
    errand.sent ??= { at: this.#courier.clock.now(), epoch: this.#epoch };
    this.#courier.request(errand.event, errand.body, (answer) => {
      this.#answered(errand, answer);
    });
  }

  #answered(errand: Errand, answer: Answer): void {
    switch (answer.type) {
      case 'accepted':
        this.#errands.delete(errand);
        errand.answer.resolve(answer.body);
        return;
      case 'refused':
        this.#reject(errand, this.#asRefusal(errand, answer.error));
        return;
      case 'unreadable':
        this.#reject(errand, answer.error);
        return;
      case 'late':
        this.#abandon(errand, answer.error);
        return;
      case 'lost':
        if (this.#end !== null) this.#abandon(errand, this.#end);
    }
  }

  /** A repeated errand that is refused may have been done the first time, or stand in its own way. */
  #asRefusal(errand: Errand, error: RoomplexError): RoomplexError {
    const isCertain = !errand.isRepeated || errand.repeat === 'again';
    return isCertain ? error : unknownOutcome(`the second time it was refused: ${error.reason}`);
  }

  #doubt({ sent, repeat }: Errand): string | null {
    if (sent === null || repeat === 'again') return null;
    if (sent.epoch === null || sent.epoch !== this.#epoch) return 'the room has another stream by now';
    return this.#leftMs(sent.at) > 0 ? null : 'it was sent too long ago';
  }

  /** How long it may still be sent again. A clock that was set back says nothing. */
  #leftMs(sentAt: number): number {
    const ageMs = this.#courier.clock.now() - sentAt;
    return ageMs < 0 ? 0 : REPEAT_MS - ageMs;
  }

  /** However long the connection stays away, nobody waits for what can never be told. */
  #watch(): void {
    for (const errand of this.#errands) {
      const { sent, repeat } = errand;
      if (sent === null || repeat === 'again') continue;
      const leftMs = this.#leftMs(sent.at);
      if (leftMs > 0) {
        this.#cancelWatch = this.#courier.clock.after(leftMs, () => {
          this.#watch();
        });
        return;
      }
      this.#courier.budget.give(1);
      this.#abandon(errand, new RoomplexError('timeout', 'the connection did not come back'));
    }
  }

  #abandon(errand: Errand, error: RoomplexError): void {
    const isCertain = errand.sent === null || errand.repeat === 'again';
    this.#reject(errand, isCertain ? error : unknownOutcome(error.reason));
  }

  #reject(errand: Errand, error: RoomplexError): void {
    this.#errands.delete(errand);
    errand.answer.reject(error);
  }
}

function unknownOutcome(reason: string): RoomplexError {
  return new RoomplexError('unknown-outcome', `it was sent, and nobody knows what became of it: ${reason}`);
}
