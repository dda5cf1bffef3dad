/** The catalogue and the formats of the language in use; both follow when it changes. */
import type { Messages } from './en';
import { createFormat, type Format, type Locale } from './format';

export type { Locale, Messages, Format };

export const LOCALES: readonly { id: Locale; name: string; lang: string }[] = [
  { id: 'en', name: 'English', lang: 'en' },
  { id: 'zh', name: '简体中文', lang: 'zh-Hans' },
];

/** Each catalogue is a file of its own: a page starts with that of its language. */
const LOADERS: Record<Locale, () => Promise<Messages>> = {
  en: async () => (await import('./en')).en,
  zh: async () => (await import('./zh')).zh,
};
const loaded: Partial<Record<Locale, Messages>> = {};

/** A catalogue, fetched where it is not there yet; a report may be written in another language than the page's. */
export async function loadCatalogue(locale: Locale): Promise<Messages> {
  return (loaded[locale] ??= await LOADERS[locale]());
}

class I18n {
  #now = $state.raw<{ locale: Locale; messages: Messages } | null>(null);
  readonly locale: Locale = $derived(this.#now?.locale ?? 'en');
  readonly format: Format = $derived(createFormat(this.locale));
  readonly lang: string = $derived(LOCALES.find((entry) => entry.id === this.locale)?.lang ?? 'en');

  /** The sentences of the language in use. */
  get t(): Messages {
    if (!this.#now) throw new Error('no language is in use yet');
    return this.#now.messages;
  }

  /** Takes a language into use, as soon as its catalogue is there. */
  async use(locale: Locale): Promise<void> {
    this.#now = { locale, messages: await loadCatalogue(locale) };
  }
}

export const i18n = new I18n();
