import { html, nothing, type TemplateResult } from 'lit';
import type { Route } from '../state/route.ts';
import { chatIcon, dashboardIcon, doctorIcon, latencyIcon, markIcon, tryIcon } from './icons.ts';

/** Where the bar at the top leads; the doctor is a page of its own, outside the app. */
export type DestinationPage = Route['page'] | 'doctor';

interface Destination {
  readonly page: DestinationPage;
  /** Relative to where the app lives. */
  readonly path: string;
  readonly text: string;
  readonly icon: TemplateResult;
}

const DESTINATIONS: readonly Destination[] = [
  { page: 'dashboard', path: '', text: 'Dashboard', icon: dashboardIcon },
  { page: 'chat', path: 'chat', text: 'Chat', icon: chatIcon },
  { page: 'latency', path: 'latency', text: 'Latency', icon: latencyIcon },
  { page: 'try', path: 'try', text: 'Try it', icon: tryIcon },
  { page: 'doctor', path: 'doctor', text: 'Doctor', icon: doctorIcon },
];

/** What the bar has to know of the page it is on. */
export interface NavigationContext {
  /** The full address of a path within the app. */
  readonly address: (path: string) => string;
  readonly isCurrent: (page: DestinationPage) => boolean;
  /** Shown behind the name of a page. */
  readonly note?: (page: DestinationPage) => TemplateResult | null;
}

/** The mark and the links to all pages, as the bar of every page begins. Styled by `styles/shell.ts`. */
export function navigation({ address, isCurrent, note }: NavigationContext): TemplateResult {
  return html`
    <a class="brand" href=${address('')}>${markIcon}<span>Roomplex</span></a>
    <nav aria-label="Pages">
      <ul>
        ${DESTINATIONS.map(
          ({ page, path, text, icon }) => html`
            <li>
              <a href=${address(path)} aria-current=${isCurrent(page) ? 'page' : nothing}>
                ${icon}${text} ${note?.(page) ?? null}
              </a>
            </li>
          `,
        )}
      </ul>
    </nav>
  `;
}
