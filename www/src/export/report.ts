/** What a report says: from results to sections. */
import type {
  CleaningOptions,
  Drift,
  Evolution,
  Forecast,
  InterestOptions,
  NearUser,
  NextItemReport,
  NextItems,
  QualityReport,
  TrainingReport,
  Transfer,
  UserEvents,
  UserRow,
} from 'driftscope';
import { activityOption, activityTable } from '../charts/activity';
import { arrangeDomains, ranksOf } from '../charts/arrange';
import type { ChartColours } from '../charts/colours';
import { confusionHeight, confusionOption, confusionTable } from '../charts/confusion';
import { curveOption, curveTable } from '../charts/curve';
import { driftOption, driftTable } from '../charts/drift';
import { chooseFlows, transferTotals } from '../charts/flows';
import { forecastHeadline, forecastHeight, forecastOption, forecastRows, forecastTable } from '../charts/forecast';
import type { ChartContext, EChartsOption, TableView } from '../charts/frame';
import { heatmapHeight, heatmapOption, heatmapTable } from '../charts/heatmap';
import { NOTHING } from '../charts/highlight';
import { reliabilityOption, reliabilityTable } from '../charts/reliability';
import { sankeyHeight, sankeyOption, sankeyTable } from '../charts/sankey';
import { STREAM_HEIGHT, streamOption } from '../charts/stream';
import { lanesOf, timelineHeight, timelineOption, timelineTable } from '../charts/timeline';
import { createFormat, type Locale } from '../i18n/format';
import type { Messages } from '../i18n/en';
import { noteText } from '../i18n/notes';
import { THRESHOLDS } from '../state/thresholds';
import { verdictSentence } from '../state/verdict';
import { chartSvg } from './drawings';
import { figure, heading, pageHtml, pairs, paragraph, tableHtml, verdict, type Section } from './report-page';
import { comparisonTable, itemsTable, nearTable, nextItemTable, rulesTable } from './result-tables';

/** Everything that a report may tell; what is null is left out. */
export interface ReportInput {
  locale: Locale;
  lang: string;
  t: Messages;
  colours: ChartColours;
  zone: string;
  /** Milliseconds since 1970. */
  made: number;
  fromSample: boolean;
  quality: { report: QualityReport; cleaning: CleaningOptions | null } | null;
  interest: {
    user: UserRow | null;
    options: InterestOptions;
    evolution: Evolution;
    transfer: Transfer;
    drift: Drift;
  } | null;
  /** One user's page: single events, so that it is told only where it is asked for. */
  person: {
    user: UserRow;
    events: UserEvents;
    near: NearUser[];
    forecast: Forecast | null;
    items: NextItems | null;
  } | null;
  training: TrainingReport | null;
  forecast: Forecast | null;
  nextItems: NextItemReport | null;
}

class Report {
  readonly format;
  readonly t: Messages;
  private readonly context: ChartContext;

  constructor(private readonly input: ReportInput) {
    this.format = createFormat(input.locale);
    this.t = input.t;
    const { colours, zone } = input;
    this.context = { colours, zone, format: this.format, t: input.t, width: THRESHOLDS.pictureWidth };
  }

  sections(): Section[] {
    const { quality, interest, person, training, forecast } = this.input;
    const titles = this.t.report.partList;
    return [
      ...(quality ? [{ id: 'quality', title: titles.quality, body: this.quality(quality) }] : []),
      ...(interest ? [{ id: 'interests', title: titles.interest, body: this.interest(interest) }] : []),
      ...(person ? [{ id: 'person', title: titles.person, body: this.person(person) }] : []),
      ...(training ? [{ id: 'models', title: titles.models, body: this.training(training) }] : []),
      ...(forecast ? [{ id: 'forecast', title: titles.forecast, body: this.forecast(forecast) }] : []),
    ];
  }

  private table(table: TableView, caption: string): string {
    const { format, t } = this;
    return tableHtml(table, caption, THRESHOLDS.reportRows, (shown, total) =>
      t.report.cut(format.integer(shown), format.integer(total)),
    );
  }

  private chart(
    title: string,
    text: string,
    height: number,
    option: (context: ChartContext) => EChartsOption,
    table: TableView,
  ): string {
    const svg = chartSvg({ title, option, context: this.context, height });
    return figure(title, text, svg, this.t.report.numbers, this.table(table, title));
  }

  private quality({ report, cleaning }: NonNullable<ReportInput['quality']>): string {
    const { format, t } = this;
    const { summary } = report;
    const words = t.quality;
    const facts: [string, string][] = [
      [words.read, format.integer(report.rowsRead)],
      [words.accepted, format.integer(report.rowsAccepted)],
      [words.rejected, format.integer(report.rowsRejected)],
      [words.stats.events, format.integer(summary.events)],
      [words.stats.users, format.integer(summary.users)],
      [words.stats.items, format.integer(summary.items)],
      [words.stats.domains, format.integer(summary.domains)],
      [words.stats.span, format.span(summary.firstTime, summary.lastTime + 1, this.input.zone)],
      [words.stats.memory, format.bytes(summary.bytesInMemory)],
    ];
    if (summary.edges > 0) facts.push([words.stats.edges, format.integer(summary.edges)]);
    const files: [string, string][] = report.files.map(({ name, bytes }) => [name, format.bytes(bytes)]);
    const kinds: [string, string][] = summary.kinds.map(({ name, weight, events }) => [
      t.codes.kinds[name] ?? name,
      `${format.integer(events)} (${words.weight} ${format.decimal(weight, 2)})`,
    ]);
    const notes = report.notes.map((note) => paragraph(noteText(note, t, format, this.input.zone), true));
    return [
      paragraph(words.lead),
      pairs(facts, words.title),
      this.input.fromSample ? '' : heading(words.files) + pairs(files, words.files),
      heading(words.kinds) + pairs(kinds, words.kinds),
      heading(words.rules) + this.table(rulesTable(report, { format, t }), words.rules),
      cleaning ? heading(words.limits) + pairs(this.limits(cleaning), words.limits) : '',
      notes.length > 0 ? heading(words.notes) + notes.join('') : '',
    ].join('\n');
  }

  private limits(cleaning: CleaningOptions): [string, string][] {
    const { format, t } = this;
    const words = t.quality;
    const range = cleaning.timeRange;
    return [
      [words.maxPerMinute, format.integer(cleaning.maxEventsPerMinute)],
      [words.minPerUser, format.integer(cleaning.minEventsPerUser)],
      [words.minPerItem, format.integer(cleaning.minEventsPerItem)],
      [words.missingDomain, words.missingDomains[cleaning.missingDomain]],
      [words.stats.span, range ? format.span(range[0], range[1] + 1, this.input.zone) : words.timeAuto],
    ];
  }

  private interest(interest: NonNullable<ReportInput['interest']>): string {
    const { format, t } = this;
    const { evolution, transfer, drift, user, options } = interest;
    const words = t.interest;
    const oneUser = user !== null;
    const length = options.window.length;
    const settings: [string, string][] = [
      [t.report.scope, user ? t.report.oneUser(user.name) : words.everyone],
      [words.window, typeof length === 'number' ? format.duration(length) : words.windows[length]],
      [words.zone, options.window.timeZone],
      [words.halfLife, this.memory(options.halfLife)],
      [words.weigh, options.weighKinds ? t.app.yes : t.app.no],
    ];
    const rows = arrangeDomains(evolution, THRESHOLDS.heatTop[1], 'size', t.app.others);
    const layers = arrangeDomains(evolution, THRESHOLDS.streamTop, 'size', t.app.others);
    const windows = evolution.windows.bounds.length - 1;
    const totals = transferTotals(transfer);
    const picture = chooseFlows(transfer, { top: THRESHOLDS.flowTop[1], least: 0, domain: null });
    const drawOthers = totals.moved > 0 && picture.others.mass / totals.moved < THRESHOLDS.othersDrawn;
    const moved = `${words.transfer.moved(format.percent(totals.movedShare))}; ${words.transfer.stayed(
      format.percent(1 - totals.movedShare),
    )}`;
    return [
      heading(t.report.settings) + pairs(settings, t.report.settings),
      this.chart(
        words.evolution.title,
        evolution.windows.lastPartial ? `${words.evolution.text} ${words.evolution.partial}` : words.evolution.text,
        heatmapHeight(rows.length, windows),
        (chart) => heatmapOption(evolution, rows, 'share', chart),
        heatmapTable(evolution, rows, 'share', this.context),
      ),
      this.chart(
        `${words.evolution.title}: ${t.explore.shapes.stream}`,
        words.evolution.text,
        STREAM_HEIGHT,
        (chart) => streamOption(evolution, layers, 'share', chart),
        heatmapTable(evolution, layers, 'share', this.context),
      ),
      totals.moved > 0
        ? this.chart(
            words.transfer.title,
            `${words.transfer.text} ${moved}.`,
            sankeyHeight(picture, drawOthers),
            (chart) => sankeyOption(transfer, picture, ranksOf(evolution), chart, { drawOthers, highlight: NOTHING }),
            sankeyTable(transfer, picture, this.context),
          )
        : '',
      this.chart(
        words.drift.title,
        words.drift.text,
        320,
        (chart) => driftOption(drift, oneUser, chart),
        driftTable(drift, oneUser, this.context),
      ),
      this.chart(
        words.activity.title,
        words.activity.text,
        240,
        (chart) => activityOption(evolution, oneUser, chart),
        activityTable(evolution, oneUser, this.context),
      ),
    ].join('\n');
  }

  private person({ user, events, near, forecast, items }: NonNullable<ReportInput['person']>): string {
    const { format, t } = this;
    const words = t.explore;
    const lanes = lanesOf(events, THRESHOLDS.lanes, t.app.others, words.timeline.noDomain);
    const span = format.span(user.firstTime, user.lastTime + 1, this.input.zone);
    return [
      paragraph(
        `${words.person.title(user.name)}: ${words.person.facts(user.events, format.integer(user.events), span)}`,
      ),
      this.chart(
        words.timeline.title,
        words.timeline.text,
        timelineHeight(lanes),
        (chart) => timelineOption(events, lanes, chart),
        timelineTable(events, this.context),
      ),
      near.length > 0
        ? heading(words.near.title) +
          paragraph(words.near.text, true) +
          this.table(nearTable(near, this), words.near.title)
        : '',
      forecast ? this.forecastChart(forecast, words.next.title, `${words.next.text} ${this.by(forecast)}`) : '',
      items && items.items.length > 0
        ? heading(words.items.title) +
          paragraph(`${words.items.text} ${words.items.by(t.codes.models[items.model])}`, true) +
          this.table(itemsTable(items, this), words.items.title)
        : '',
    ].join('\n');
  }

  private by(forecast: Forecast): string {
    return this.t.report.forecastBy(this.t.codes.models[forecast.model]);
  }

  private forecastChart(forecast: Forecast, title: string, text: string): string {
    const rows = forecastRows(forecast, THRESHOLDS.forecastTop[1], this.t.app.others);
    const named = rows.filter((row) => row.id !== null);
    return this.chart(
      title,
      text,
      forecastHeight(named.length),
      (chart) => forecastOption(named, chart),
      forecastTable(rows, this.context),
    );
  }

  private memory(halfLife: number | null): string {
    const words = this.t.interest.halfLives;
    if (halfLife === null) return words.none;
    return halfLife === 1 ? words.one : words.many(this.format.decimal(halfLife));
  }

  private training(report: TrainingReport): string {
    const { format, t } = this;
    const words = t.training;
    const curves = report.curves.map(({ model, points }) =>
      this.chart(
        `${words.curve}: ${t.codes.models[model]}`,
        words.curveAria,
        280,
        (chart) => curveOption(points, chart),
        curveTable(points, this.context),
      ),
    );
    return [
      verdict(verdictSentence(report, t, format)),
      this.table(comparisonTable(report, { format, t }), words.result),
      paragraph(`${words.ranOn(words.engines[report.engine])} ${noteText(report.engineNote, t, format)}`, true),
      paragraph(words.stopped[report.stopped], true),
      ...curves,
      ...this.judged(report),
    ].join('\n');
  }

  /** How the best model errs. */
  private judged(report: TrainingReport): string[] {
    const { format, t } = this;
    const best = report.models.find(({ model }) => model === report.best);
    // A project of an earlier version may hold a report without it.
    if (!best?.confusion) return [];
    const words = t.judged;
    const name = t.codes.models[best.model];
    return [
      this.chart(
        `${words.confusion}: ${name}`,
        words.confusionText,
        confusionHeight(best.confusion),
        (chart) => confusionOption(best.confusion, chart),
        confusionTable(best.confusion, this.context),
      ),
      this.chart(
        `${words.reliability} ${name}`,
        words.reliabilityText(format.fixed(best.test.calibrationError, 3)),
        360,
        (chart) => reliabilityOption(best.reliability, chart),
        reliabilityTable(best.reliability, this.context),
      ),
    ];
  }

  /** The comparison of models of the next item, where there was one. */
  private nextItems(): string[] {
    const { format, t } = this;
    const report = this.input.nextItems;
    if (!report) return [];
    const words = t.forecast.items;
    const best = t.codes.models[report.best];
    return [
      heading(words.title),
      paragraph(report.worthIt ? words.worthIt(best) : words.notWorthIt(best)),
      this.table(nextItemTable(report, { format, t }), words.title),
    ];
  }

  private forecast(forecast: Forecast): string {
    const { format, t } = this;
    const words = t.forecast;
    const { next, now } = forecastHeadline(forecast);
    const headline = !next
      ? ''
      : now === null || now === next.name
        ? words.headlineSame(next.name, format.percent(next.share, 0))
        : words.headlineNew(next.name, format.percent(next.share, 0), now);
    const [from, to] = forecast.window;
    return [
      headline ? verdict(headline) : '',
      paragraph(words.lead(format.span(from, to, this.input.zone))),
      paragraph(this.by(forecast), true),
      this.forecastChart(forecast, words.chart, words.everyone(forecast.users, format.integer(forecast.users))),
      ...this.nextItems(),
    ].join('\n');
  }
}

/** The report as one HTML file. */
export function reportHtml(input: ReportInput): string {
  const { t, lang, made, fromSample } = input;
  const moment = createFormat(input.locale).moment(made / 1000, input.zone);
  const lead = [t.report.made(moment), ...(fromSample ? [t.report.sample] : [])];
  const words = { title: t.report.title, lang, contents: t.report.contents, lead, foot: t.report.privacy };
  return pageHtml(words, new Report(input).sections());
}
