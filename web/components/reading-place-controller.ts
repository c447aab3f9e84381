import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Of what is in view, how much is remembered: some of it may be gone afterwards. */
const REMEMBERED = 4;

interface Place {
  readonly element: Element;
  readonly top: number;
}

/** Keeps what the user reads where it is, whatever comes or goes above it. */
export class ReadingPlaceController implements ReactiveController {
  readonly #find: () => { readonly scroller: HTMLElement; readonly list: HTMLElement };
  readonly #isOff: () => boolean;
  #hasUpdated = false;
  #places: readonly Place[] = [];

  /**
   * `find` is asked after the host's first render and later: for the element that scrolls, and for the one in it
   * whose children are read from top to bottom. `isOff` says that the place is somebody else's matter.
   */
  constructor(
    host: ReactiveControllerHost,
    find: () => { readonly scroller: HTMLElement; readonly list: HTMLElement },
    isOff: () => boolean,
  ) {
    this.#find = find;
    this.#isOff = isOff;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#places = [];
    if (!this.#hasUpdated || this.#isOff()) return;
    const { scroller, list } = this.#find();
    const first = firstBelow(list.children, topOf(scroller));
    this.#places = [...list.children]
      .slice(first, first + REMEMBERED)
      .map((element) => ({ element, top: topOf(element) }));
  }

  hostUpdated(): void {
    this.#hasUpdated = true;
    const place = this.#places.find(({ element }) => element.isConnected);
    if (place === undefined || this.#isOff()) return;
    const shift = topOf(place.element) - place.top;
    if (shift !== 0) this.#find().scroller.scrollTop += shift;
  }
}

function topOf(element: Element): number {
  return element.getBoundingClientRect().top;
}

/** Index of the first element that reaches below a line. */
function firstBelow(elements: HTMLCollection, line: number): number {
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((elements[middle]?.getBoundingClientRect().bottom ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  return low;
}
