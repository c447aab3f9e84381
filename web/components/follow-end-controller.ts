import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** This close to the end counts as reading the newest. */
const AT_END_PX = 48;

/** Keeps the end of a scrolling element in view as it grows, unless the user has scrolled away from it. */
export class FollowEndController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #find: () => HTMLElement;
  #isFollowed = true;

  /** Something that grows beside the element, or an on-screen keyboard, takes room from it. */
  readonly #sizes = new ResizeObserver(() => {
    if (this.#hasUpdated && this.#isFollowed) this.#toEnd();
  });
  #hasUpdated = false;

  /** `find` is asked after the host's first render and later. The host calls {@link scrolled} when it scrolls. */
  constructor(host: ReactiveControllerHost & Element, find: () => HTMLElement) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  /** True while the end is in view, or will be after the next render. */
  get isFollowed(): boolean {
    return this.#isFollowed;
  }

  hostConnected(): void {
    this.#sizes.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#sizes.disconnect();
  }

  hostUpdated(): void {
    this.#hasUpdated = true;
    if (this.#isFollowed) this.#toEnd();
  }

  /** From the next render on the end is in view again. */
  follow(): void {
    this.#isFollowed = true;
  }

  /** Brings the end into view now. */
  goTo(): void {
    this.#isFollowed = true;
    this.#toEnd();
  }

  /** The element was scrolled, by the user or by this controller. */
  scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#find();
    this.#isFollowed = scrollHeight - scrollTop - clientHeight < AT_END_PX;
  }

  #toEnd(): void {
    const element = this.#find();
    element.scrollTop = element.scrollHeight;
  }
}
