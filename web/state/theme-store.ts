import { Store } from './store.ts';

export type ThemeChoice = 'auto' | 'light' | 'dark';

export const THEME_CHOICES: readonly ThemeChoice[] = ['auto', 'light', 'dark'];

/**
 * The user's choice of theme. `public/theme.js`, if it arrives, applies it before the first paint and reads the same
 * key; a change of the system's preference counts as a change while the choice is `auto`.
 */
export class ThemeStore extends Store {
  readonly #system = matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    super();
    this.#apply(keptChoice());
    this.#system.addEventListener('change', () => this.changed());
    addEventListener('storage', (event) => {
      if (event.key === THEME_KEY) this.#apply(asThemeChoice(event.newValue));
    });
  }

  get choice(): ThemeChoice {
    return asThemeChoice(document.documentElement.dataset['theme'] ?? null);
  }

  get isDark(): boolean {
    return this.choice === 'dark' || (this.choice === 'auto' && this.#system.matches);
  }

  choose(choice: ThemeChoice): void {
    try {
      localStorage.setItem(THEME_KEY, choice);
    } catch {
      // Without storage the choice holds until the page goes.
    }
    this.#apply(choice);
  }

  #apply(choice: ThemeChoice): void {
    if (choice === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = choice;
    this.changed();
  }
}

const THEME_KEY = 'roomplex.theme';

function keptChoice(): ThemeChoice {
  try {
    return asThemeChoice(localStorage.getItem(THEME_KEY));
  } catch {
    return 'auto';
  }
}

function asThemeChoice(text: string | null): ThemeChoice {
  return text === 'light' || text === 'dark' ? text : 'auto';
}
