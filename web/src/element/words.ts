/** What the element says, in English and Simplified Chinese. */

/** The sentences and formats of one language. */
export interface Words {
  evolution: string;
  flows: string;
  domain: string;
  loading: string;
  empty: string;
  others: (flows: number, mass: number) => string;
  flow: (from: string, to: string, share: number, users: number) => string;
  percent: (share: number) => string;
  day: (seconds: number, timeZone: string) => string;
}

const formats = (locale: string): Pick<Words, 'percent' | 'day'> => {
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  return {
    percent: (share) => percent.format(share),
    day: (seconds, timeZone) =>
      new Intl.DateTimeFormat(locale, { timeZone, month: 'short', day: 'numeric' }).format(new Date(seconds * 1000)),
  };
};

/** The words for a language tag; English where the language is not known. */
export function wordsOf(language: string): Words {
  if (language.toLowerCase().startsWith('zh')) {
    const { percent, day } = formats('zh-Hans');
    return {
      evolution: '兴趣演变：各领域在每个时间窗口中的占比',
      flows: '兴趣迁移：人们离开（左）与转向（右）的领域',
      domain: '领域',
      loading: '加载中…',
      empty: '没有可显示的内容',
      others: (flows, mass) => `未画出其余${flows}条流向（${percent(mass)}）`,
      flow: (from, to, share, users) => `${from} → ${to}：${percent(share)}，${users}位用户`,
      percent,
      day,
    };
  }
  const { percent, day } = formats('en');
  return {
    evolution: 'Interest evolution: the share of each domain in each window',
    flows: 'Interest transfer: what people turned from (left) and to (right)',
    domain: 'Domain',
    loading: 'Loading…',
    empty: 'Nothing to show',
    others: (flows, mass) => `${flows} other flows (${percent(mass)}) are not drawn`,
    flow: (from, to, share, users) => `${from} → ${to}: ${percent(share)}, ${users} users`,
    percent,
    day,
  };
}
