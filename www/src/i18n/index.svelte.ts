/** The catalogue and the formats of the language in use; both follow when it changes. */
import { en, type Messages } from './en';
import { createFormat, type Format, type Locale } from './format';
import { zh } from './zh';

export type { Locale, Messages, Format };

export const LOCALES: readonly { id: Locale; name: string; lang: string }[] = [
  { id: 'en', name: 'English', lang: 'en' },
  { id: 'zh', name: '简体中文', lang: 'zh-Hans' },
];

/** All catalogues; a report may be written in another language than the page's. */
export const catalogues: Record<Locale, Messages> = { en, zh };

class I18n {
  locale = $state<Locale>('en');
  readonly t: Messages = $derived(catalogues[this.locale]);
  readonly format: Format = $derived(createFormat(this.locale));
  readonly lang: string = $derived(LOCALES.find((entry) => entry.id === this.locale)?.lang ?? 'en');
}

export const i18n = new I18n();
