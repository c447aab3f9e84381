import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { StoreController } from '../state/store-controller.ts';
import { THEME_CHOICES, type ThemeChoice, type ThemeStore } from '../state/theme-store.ts';
import { controls } from '../styles/controls.ts';
import { autoThemeIcon, type Face, moonIcon, sunIcon } from './icons.ts';

const FACES: Readonly<Record<ThemeChoice, Face>> = {
  auto: { text: 'Theme of the system', icon: autoThemeIcon },
  light: { text: 'Light theme', icon: sunIcon },
  dark: { text: 'Dark theme', icon: moonIcon },
};

/** Chooses between the system's theme, light and dark. */
@customElement('rp-theme-switch')
export class RpThemeSwitch extends LitElement {
  static override styles = [
    controls,
    css`
      fieldset {
        display: flex;
        margin: 0;
        padding: 2px;
        border: 1px solid var(--rp-line);
        border-radius: var(--rp-radius-sm);
        background: var(--rp-surface);
      }

      label {
        position: relative;
        display: grid;
        place-items: center;
        width: 2rem;
        height: calc(var(--rp-control) - 6px);
        border-radius: calc(var(--rp-radius-sm) - 2px);
        color: var(--rp-text-muted);
        cursor: pointer;
      }

      label:hover {
        color: var(--rp-text);
      }

      label:has(:checked) {
        background: var(--rp-accent-soft);
        color: var(--rp-accent);
      }

      @media (forced-colors: active) {
        label:has(:checked) {
          outline: 2px solid Highlight;
        }
      }

      label:has(:focus-visible) {
        outline: 2px solid var(--rp-accent);
        outline-offset: 1px;
      }

      input {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }

      svg.icon {
        width: 1.125rem;
        height: 1.125rem;
      }
    `,
  ];

  @property({ attribute: false }) theme!: ThemeStore;

  constructor() {
    super();
    new StoreController(this, () => this.theme);
  }

  protected override render(): TemplateResult {
    return html`
      <fieldset>
        <legend class="visually-hidden">Theme</legend>
        ${THEME_CHOICES.map(
          (choice) => html`
            <label title=${FACES[choice].text}>
              <input
                type="radio"
                name="theme"
                aria-label=${FACES[choice].text}
                .checked=${choice === this.theme.choice}
                @change=${() => this.theme.choose(choice)}
              />
              ${FACES[choice].icon}
            </label>
          `,
        )}
      </fieldset>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-theme-switch': RpThemeSwitch;
  }
}
