import { type Route, routeOf } from './route.ts';
import { Store } from './store.ts';

/** Which page is shown. Follows clicks on links within the app and the browser's back and forward. */
export class Router extends Store {
  readonly #base = new URL('.', document.baseURI);
  #route: Route;

  constructor() {
    super();
    this.#route = this.#read();
    addEventListener('popstate', () => this.#update());
    addEventListener('click', (event) => this.#onClick(event));
  }

  get route(): Route {
    return this.#route;
  }

  /** The full address of a path within the app. */
  address(path: string): string {
    const address = new URL(path, this.#base);
    const transport = new URLSearchParams(location.search).get('transport');
    if (transport !== null) address.searchParams.set('transport', transport);
    return address.href;
  }

  /** Goes to a path within the app. */
  go(path: string, how: 'push' | 'replace' = 'push'): void {
    const address = this.address(path);
    if (how === 'replace' || address === location.href) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    this.#update();
  }

  #onClick(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
    if (link === undefined || link.target !== '' || link.hasAttribute('download')) return;
    const address = new URL(link.href);
    if (address.origin !== this.#base.origin || routeOf(address, this.#base.pathname).page === 'not-found')
      return;
    event.preventDefault();
    this.go(address.pathname + address.search);
  }

  #update(): void {
    this.#route = this.#read();
    this.changed();
  }

  #read(): Route {
    return routeOf(new URL(location.href), this.#base.pathname);
  }
}
