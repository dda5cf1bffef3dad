/** 发布相关的语句：隐藏小群体的表格、加噪声、假名。见 zh.ts。 */
import type { PublishMessages } from './en.publish';

export const zhPublish: PublishMessages = {
  open: '安全发布',
  dialog: '安全发布',
  text: '把当前所选的热图变成可以给别人看、又看不出其中任何人的形式。',
  method: '方式',
  methods: { anonymous: '隐藏小群体', noise: '加入噪声', pseudonyms: '替换姓名' },
  total: '合计',
  anonymous: {
    text: '统计事件数。只涉及少数人的单元格留空；为了不让它们从合计中被推算出来，还会再留空一些。',
    limits: '非常了解日志中其他人的人，或看到同一表格两个版本的人，仍可能推断出一些信息。加入噪声可以防止这种情况。',
    k: '每个单元格至少涉及的人数',
    totals: '包含合计',
    made: (few, complements, merged) =>
      `已保存。因人数太少留空：${few} 个单元格；为保护它们而留空：${complements} 个；因人数太少并入“Other”的领域：${merged} 个。`,
  },
  noise: {
    text: '统计整个日志的人数，每个人只计入有限个单元格，并给每个数加上噪声：某个人在不在日志里，对结果几乎没有影响（差分隐私）。',
    limits: '日志的起止时间不会被隐藏。每次发布都会消耗预算；超出预算的发布会被拒绝。',
    budget: '本日志的预算（ε）',
    budgetHelp: '越小保护越强：1 很严格，10 较宽松。首次发布之前可以设置。',
    epsilon: '本次发布（ε）',
    delta: '本日志可接受的失败概率（δ）',
    deltaHelp: '每次发布占用其中十分之一。',
    cells: '每人最多计入的单元格数',
    secret: '领域名单也要保密',
    spent: (spent, budget, _count, releases) => `已用：ε = ${spent}，预算 ${budget}，共发布 ${releases} 次。`,
    unspent: '尚未使用预算。',
    made: (bound, uncounted) =>
      `已保存。单元格的噪声有 95 % 的概率不超过 ${bound}。因单元格数限制而未计入：${uncounted}（请勿公布这一比例）。`,
    nothing: (least) =>
      `没有单元格的人数足够：在这样的噪声下，每个单元格至少要有 ${least} 人。可以加长时间窗口、增大 ε、减少每人计入的单元格数，或不对领域名单保密。已用的预算不会退回。`,
  },
  pseudonyms: {
    text: '在本标签页内，把每个用户的姓名换成只有密钥才能生成的代码（HMAC-SHA-256）。用同一密钥处理的另一份日志会得到相同的代码，因此不用姓名也能合并两份日志。',
    limits: '在本标签页内无法撤销，日志也不能再重新清洗。代码不等于匿名：知道某人部分事件的人，可能找到其余事件。',
    key: '要使用的密钥（64 位十六进制数字；留空则新建）',
    badKey: '密钥必须是 64 位十六进制数字。',
    apply: '替换姓名',
    done: '姓名已替换。请把密钥保存在别人看不到的地方，或者不保留：',
    copy: '复制密钥',
    copied: '已复制。',
  },
  save: '保存表格（CSV）',
  file: (kind, day) => `driftscope-${kind === 'anonymous' ? 'small-groups-hidden' : 'with-noise'}-${day}.csv`,
};
