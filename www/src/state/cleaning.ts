/** Comparing two cleanings, and the changes that are not applied yet. Pure. */
import type { CleaningOptions, QualityReport, RuleName } from 'driftscope';

/** How many settings differ. */
export function countChanges(applied: CleaningOptions, draft: CleaningOptions): number {
  let changes = 0;
  for (const rule of Object.keys(draft.rules) as RuleName[])
    if (applied.rules[rule] !== draft.rules[rule]) changes += 1;
  for (const key of ['maxEventsPerMinute', 'minEventsPerUser', 'minEventsPerItem', 'missingDomain'] as const) {
    if (applied[key] !== draft[key]) changes += 1;
  }
  if (JSON.stringify(applied.timeRange) !== JSON.stringify(draft.timeRange)) changes += 1;
  for (const kind of new Set([...Object.keys(applied.kindWeights), ...Object.keys(draft.kindWeights)])) {
    if (applied.kindWeights[kind] !== draft.kindWeights[kind]) changes += 1;
  }
  return changes;
}

export type Measure = 'accepted' | 'rejected' | 'events' | 'users' | 'items' | 'domains';

/** The numbers that a cleaning changes, before and after. */
export function compareReports(
  before: QualityReport,
  after: QualityReport,
): { measure: Measure; before: number; after: number }[] {
  const numbers = (report: QualityReport): Record<Measure, number> => ({
    accepted: report.rowsAccepted,
    rejected: report.rowsRejected,
    events: report.summary.events,
    users: report.summary.users,
    items: report.summary.items,
    domains: report.summary.domains,
  });
  const [old, now] = [numbers(before), numbers(after)];
  return (Object.keys(now) as Measure[]).map((measure) => ({ measure, before: old[measure], after: now[measure] }));
}

/** A copy that can be changed without touching the original. */
export function copyCleaning(options: CleaningOptions): CleaningOptions {
  return {
    ...options,
    rules: { ...options.rules },
    kindWeights: { ...options.kindWeights },
    timeRange: options.timeRange ? [...options.timeRange] : null,
  };
}
