/** Gathers what a report tells from what the page holds, and asks the engine for what it does not hold yet. */
import type { ChartColours } from '../charts/colours';
import { reportHtml } from '../export/report';
import { loadCatalogue, LOCALES, type Locale } from '../i18n/index.svelte';
import { explore } from './explore.svelte';
import { nextItemModels } from './next-items.svelte';
import { session } from './session.svelte';
import { THRESHOLDS } from './thresholds';
import { training } from './training.svelte';

export const REPORT_PARTS = ['quality', 'interest', 'person', 'models', 'forecast'] as const;
export type ReportPart = (typeof REPORT_PARTS)[number];

/** Whether a part can be told now. */
export function canTell(part: ReportPart): boolean {
  if (part === 'person') return session.report !== null && explore.user !== null;
  if (part === 'models') return training.report !== null;
  if (part === 'forecast') return training.ready !== null;
  return session.report !== null;
}

/** Writes the report of the parts that are asked for. */
export async function writeReport(
  parts: ReadonlySet<ReportPart>,
  locale: Locale,
  colours: ChartColours,
): Promise<Blob> {
  const told = (part: ReportPart): boolean => parts.has(part) && canTell(part);
  explore.follow();
  if (told('interest') && !(explore.evolution && explore.transfer && explore.drift)) await explore.ask();
  const { evolution, transfer, drift, user, options } = explore;
  const forecast = told('forecast') ? await session.api.forecast({ kind: 'everyone' }) : null;
  const [events, near, own, items] =
    user && told('person')
      ? await Promise.all([
          session.api.userEvents(user.id),
          session.api.nearestUsers(user.id, options, THRESHOLDS.nearest),
          training.ready ? session.api.forecast({ kind: 'user', user: user.id }) : null,
          nextItemModels.report ? session.api.nextItems(user.id, THRESHOLDS.nextItems) : null,
        ])
      : [];
  const html = reportHtml({
    locale,
    lang: LOCALES.find(({ id }) => id === locale)?.lang ?? 'en',
    t: await loadCatalogue(locale),
    colours,
    zone: explore.timeZone,
    made: Date.now(),
    fromSample: session.fromSample,
    quality: session.report && told('quality') ? { report: session.report, cleaning: session.applied } : null,
    interest: told('interest') && evolution && transfer && drift ? { user, options, evolution, transfer, drift } : null,
    person: user && events && near ? { user, events, near, forecast: own ?? null, items: items ?? null } : null,
    training: told('models') ? training.report : null,
    forecast,
    nextItems: told('forecast') ? nextItemModels.report : null,
  });
  return new Blob([html], { type: 'text/html;charset=utf-8' });
}
