import { describe, expect, it } from 'vitest';
import { context } from '../fixtures/context';
import { drift, evolution, forecast, START, transfer, userEvents } from '../fixtures/results';
import { catalogue } from '../fixtures/catalogues';
import type { Locale } from '../i18n/format';
import { chartSvg, toSvg } from './drawings';
import { reportHtml, type ReportInput } from './report';

const HOSTILE = `</text><script>alert(1)</script>"><img src=x onerror=alert(2)>\u0007`;

function input(locale: Locale): ReportInput {
  const moved = transfer();
  const evolved = evolution();
  for (const domain of [moved.domains[0], evolved.domains[0]]) if (domain) domain.name = HOSTILE;
  return {
    locale,
    lang: locale === 'zh' ? 'zh-Hans' : 'en',
    t: catalogue(locale),
    colours: { ...context.colours, font: '"Segoe UI", sans-serif' },
    zone: 'UTC',
    made: START * 1000,
    fromSample: true,
    quality: null,
    interest: {
      user: { id: 1, name: HOSTILE, events: 1, topDomain: 'a', firstTime: 0, lastTime: 1 },
      options: { window: { length: 'week', timeZone: 'UTC' }, halfLife: 2, weighKinds: true },
      evolution: evolved,
      transfer: moved,
      drift: drift(),
    },
    person: {
      user: { id: 1, name: HOSTILE, events: 1, topDomain: 'a', firstTime: START, lastTime: START + 1 },
      events: userEvents(),
      near: [
        { id: 2, name: HOSTILE, events: 3, topDomain: 'a', firstTime: 0, lastTime: 1, distance: 0.25, shared: [] },
      ],
      forecast: forecast(),
      items: { model: 'cf-item', items: [{ name: '=1', title: HOSTILE, domain: null, score: 0.5 }] },
    },
    training: null,
    forecast: forecast(),
    nextItems: null,
  };
}

describe('the report', () => {
  for (const locale of ['en', 'zh'] as const) {
    it(`holds every chart and its numbers, and nothing that runs or loads (${locale})`, () => {
      const html = reportHtml(input(locale));
      expect(html.match(/<svg /g)).toHaveLength(8);
      expect(html.match(/<table>/g)).toHaveLength(11);
      expect(html).toContain(`content="default-src 'none'`);
      expect(html).not.toMatch(/<(script|img|link|iframe|object|embed|form)\b|\son\w+="|javascript:|url\(http/i);
      expect(html).toContain('&lt;script&gt;');
      expect(html).not.toContain('\u0007');
      expect(html).not.toContain('undefined');
    });
  }

  it('says that another language is meant', () => {
    expect(reportHtml(input('zh'))).toContain('<html lang="zh-Hans">');
    expect(reportHtml(input('zh'))).toMatch(/兴趣/);
    expect(reportHtml(input('en'))).not.toMatch(/\p{Script=Han}/u);
  });
});

describe('a drawing', () => {
  const drawing = {
    title: HOSTILE,
    option: () => ({ xAxis: {}, yAxis: {}, series: [{ type: 'line' as const, data: [[0, 1]] }], dataZoom: [{}] }),
    context: { ...context, colours: { ...context.colours, font: '"Segoe UI", sans-serif' } },
    height: 200,
  };

  it('has no attribute that a font name breaks', () => {
    expect(chartSvg(drawing)).not.toContain('""');
    expect(chartSvg(drawing)).toMatch(/^<svg /);
  });

  it('stands below its title on a ground of its own', () => {
    const svg = toSvg(drawing);
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).toContain('fill="#fff"');
    expect(svg).toContain('<svg x="24" y="68"');
  });
});
