/** 用户分群的语句。见 zh.ts。 */
import type { SegmentsMessages } from './en.segments';

export const zhSegments: SegmentsMessages = {
  segments: {
    title: '用户分群',
    text: '按兴趣所在和兴趣走向划分的用户类型。左侧是某个窗口所属的分群，右侧是下一个窗口所属的分群。',
    offer: '按兴趣所在和兴趣走向划分的用户类型。分成几群，取决于哪种分法在其他用户身上也能重现。',
    find: '查找分群',
    aria: (count) => `${count} 个分群之间逐窗口的用户流向图。表格中有相同的数据。`,
    numbered: (number) => `分群 ${number}`,
    away: '未活跃',
    from: '之前的分群',
    to: '之后的分群',
    steps: '用户数（逐窗口累计）',
    ofAll: '占全部',
    size: (_count, n, share) => `${n} 位用户（${share}）`,
    comes: (domain, change) => `转向 ${domain}（+${change}）`,
    leaves: (domain, change) => `离开 ${domain}（−${change}）`,
    stable: (count, strength) => `${count} 个分群；它们在其他用户身上也能重现（预测强度 ${strength}）。`,
    weak: (count, strength) =>
      `${count} 个分群，但在其他用户身上很难重现（预测强度 ${strength}，达到 0.9 才够）：这些用户的差异是渐变的，没有明显的类型。`,
    chosen: (name) => `分群 ${name}`,
  },
  segmentsHelp: {
    read: '每条带表示在某个窗口属于一个分群、在下一个窗口属于另一个（或同一个）分群的用户。“未活跃”指该窗口内没有事件的用户。选择一个分群，所有图表就只显示其中的用户。',
    terms: [
      { term: '分群的名称', text: '比其他所有用户明显更多的领域，以及兴趣正在转向的领域。' },
      {
        term: '预测强度',
        text: '把用户随机分成两半，分别聚类；用一半的分法去看另一半，取最差一群中仍被分在一起的用户对比例，对三次随机划分取平均。',
      },
    ],
    formula: [
      '每位用户对应一个点：兴趣占比的平方根，以及它们在一半窗口内的变化量',
      '对这些点做 k-means（k-means++ 初始化）；在 2 到 12 中取预测强度不低于 0.9 的最大群数，否则取最强的',
      '名称：带信息先验的对数优势比，超过三个标准误（Monroe, Colaresi & Quinn 2008）',
    ],
  },
};
