/** Language and appearance, remembered by the browser where it lets us. */
import type { Locale } from '../i18n/format';

export type Theme = 'system' | 'light' | 'dark';
export interface Preferences {
  locale: Locale;
  theme: Theme;
}

const KEY = 'driftscope.preferences';

/** The preferences to start with: the remembered ones, else what the browser asks for. */
export function readPreferences(storage: Pick<Storage, 'getItem'> | null, languages: readonly string[]): Preferences {
  const first = languages.find((tag) => /^(en|zh)\b/i.test(tag)) ?? 'en';
  const found: Preferences = { locale: /^zh/i.test(first) ? 'zh' : 'en', theme: 'system' };
  try {
    const kept = JSON.parse(storage?.getItem(KEY) ?? '{}') as Partial<Preferences>;
    if (kept.locale === 'en' || kept.locale === 'zh') found.locale = kept.locale;
    if (kept.theme === 'light' || kept.theme === 'dark' || kept.theme === 'system') found.theme = kept.theme;
  } catch {
    // Storage may be forbidden or hold something else: the browser's wishes stand.
  }
  return found;
}

/** Remembers the preferences; without storage they last as long as the page. */
export function keepPreferences(storage: Pick<Storage, 'setItem'> | null, preferences: Preferences): void {
  try {
    storage?.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // As above.
  }
}

/** The browser's storage, or null where it is forbidden. */
export function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
