import type { Clock } from '../clock.ts';
import { CloseCode } from '../../protocol/close-codes.ts';
import type { Slot, Slots } from '../slots/slots.ts';
import type { LineEnd } from './line.ts';

/** A poll that follows what was sent may be kept open for so long: the answer is about to come. */
const ANSWER_MS = 300;

/** Pauses between polls are short while there is something to say, and grow while there is nothing. */
const SHORTEST_MS = 250;
const LONGEST_MS = 3000;
const GROWTH = 1.5;

/** A poll is under way for a fifth of the time at most: where all connections are busy, everybody asks less often. */
const PAUSES_PER_POLL = 4;
const LONGEST_OF_ALL_MS = 8000;

/** How long the server is to wait for the next poll, which is late where timers of hidden pages are held up. */
const AWAY_MS = 20_000;
const HIDDEN_AWAY_MS = 90_000;

/** There was no slot for what cannot do without. */
export class NoSlot extends Error {
  override readonly name = 'NoSlot';
  override readonly message = 'this browser keeps as many responses open as it can spare';
}

/** How a line ends that way: nobody is to blame. */
export const NO_SLOT: LineEnd = {
  code: CloseCode.tryAgainLater,
  reason: new NoSlot().message,
  isClean: true,
};

/** Whether a line may keep a response open, and in which turns it asks while it may not. */
export class Turns {
  readonly #slots: Slots;
  readonly #slot: Slot;
  readonly #clock: Clock;
  #pauseMs = SHORTEST_MS;
  /** Something was sent since the last poll was asked for. */
  #isDue = false;
  #waitMs = 0;
  /** The server may have been asked to wait for long: whether what was asked since has arrived, nobody knows. */
  #wasBrief = false;
  #goOn: () => void = () => undefined;
  #tellSettled: () => void = () => undefined;

  /** `lost`: no response may be kept open any more. `gone`: the page goes away after short turns. */
  constructor(
    slots: Slots,
    isForStream: boolean,
    clock: Clock,
    { lost, gone }: { readonly lost: () => void; readonly gone?: () => void },
  ) {
    this.#slots = slots;
    this.#clock = clock;
    const changed = (): void => {
      this.#tellSettled();
      if (this.isHeld) this.#goOn();
      else {
        this.hurry();
        lost();
      }
    };
    this.#slot = slots.ask(isForStream, changed, () => {
      if (this.#wasBrief) gone?.();
    });
  }

  /** Responses may be kept open. */
  get isHeld(): boolean {
    return this.#slot.isHeld === true;
  }

  /** Resolves once that is known. */
  async settled(): Promise<void> {
    if (this.#slot.isHeld !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#tellSettled = resolve;
    });
  }

  /** What the poll asks for that is made now, as a query; empty where it may be kept open. */
  wishes(): string {
    this.#waitMs = this.#isDue ? ANSWER_MS : 0;
    this.#isDue = false;
    if (this.isHeld) return '';
    this.#wasBrief = true;
    return `wait=${this.#waitMs}&away=${this.#slots.isAttended() ? AWAY_MS : HIDDEN_AWAY_MS}`;
  }

  /** Resolves when it is time for the next poll, after one that took so long; or when it may be kept open. */
  async pause(broughtNothing: boolean, tookMs: number): Promise<void> {
    this.#pauseMs = broughtNothing ? Math.min(this.#pauseMs * GROWTH, LONGEST_MS) : SHORTEST_MS;
    if (this.#isDue) return;
    const busyMs = (tookMs - this.#waitMs) * PAUSES_PER_POLL;
    const ms = Math.min(Math.max(this.#pauseMs, busyMs), LONGEST_OF_ALL_MS);
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(ms, resolve);
      this.#goOn = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Something was sent: the next poll is due, to fetch the answer. */
  hurry(): void {
    this.#isDue = true;
    this.#pauseMs = SHORTEST_MS;
    this.#goOn();
  }

  end(): void {
    this.#slot.release();
    this.#goOn();
  }
}
