/** Applies language and appearance to the page and remembers them. */
import { i18n, type Locale } from '../i18n/index.svelte';
import { browserStorage, keepPreferences, readPreferences, type Theme } from './preferences';

class Settings {
  theme = $state<Theme>('system');
  /** Whether the page is dark now; charts redraw when it changes. */
  dark = $state(false);

  /** Takes over what was remembered; the page can be shown when it resolves. */
  async start(): Promise<void> {
    const kept = readPreferences(browserStorage(), navigator.languages);
    this.theme = kept.theme;
    await i18n.use(kept.locale);
    const wish = window.matchMedia('(prefers-color-scheme: dark)');
    wish.addEventListener('change', () => this.#apply(wish.matches));
    this.#apply(wish.matches);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.#changed();
  }

  async setLocale(locale: Locale): Promise<void> {
    await i18n.use(locale);
    this.#changed();
  }

  #changed(): void {
    keepPreferences(browserStorage(), { locale: i18n.locale, theme: this.theme });
    this.#apply(window.matchMedia('(prefers-color-scheme: dark)').matches);
  }

  #apply(systemDark: boolean): void {
    const root = document.documentElement;
    if (this.theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = this.theme;
    this.dark = this.theme === 'dark' || (this.theme === 'system' && systemDark);
    root.lang = i18n.lang;
  }
}

export const settings = new Settings();
