/** 关于模型误差与导览的语句。见 zh.ts。 */
import type { JudgedMessages } from './en.judged';

export const zhJudged: JudgedMessages = {
  judged: {
    confusion: '预测成了什么',
    confusionText:
      '每行是实际出现的主要领域，每列是排在首位的预测领域；颜色越深，占该行的比例越大。正确的预测位于对角线上。',
    confusionAria: (model) => `${model} 在最后几个窗口上的混淆矩阵。表格中有相同的数字。`,
    reliability: '它知道自己有多大把握吗？',
    reliabilityText: (error) =>
      `在同样把握程度的预测中，有多少是正确的。位于虚线上表示把握恰当，低于虚线表示过于自信。平均差距（期望校准误差）：${error}。`,
    reliabilityAria: (model) => `${model} 的可靠性图：按把握程度统计的正确率。表格中有相同的数字。`,
    came: '实际出现',
    forecast: '排在首位',
    cases: '预测数',
    ofRow: '占该行',
    sure: '把握程度',
    right: '正确率',
    perfect: '把握与正确率一致',
    model: '此模型',
    bin: '把握区间',
  },
  tour: {
    start: '快速导览',
    label: '导览',
    of: (at, total) => `${at} / ${total}`,
    next: '下一步',
    back: '上一步',
    skip: '结束导览',
    done: '完成',
    stops: {
      evolution: {
        title: '兴趣随时间的变化',
        text: '每行一个领域，每列一个窗口。某行颜色变深，表示该兴趣在增长。指向单元格可查看数字，也可切换为表格。',
      },
      transfer: { title: '去向何处', text: '左侧是人们离开的领域，右侧是转向的领域，取自各人相邻的活跃窗口。' },
      drift: { title: '何时变化', text: '每个窗口与前一个窗口的距离。虚线标出转折点，点击即可查看当时的转移。' },
      people: { title: '一个人或所有人', text: '按名称查找用户，所有图表随之更新。旁边可设置窗口、记忆和时区。' },
      models: {
        title: '能否预见？',
        text: '选择模型，查看训练所需的资源，然后开始。每个模型都与必须超越的简单规则并列评分，并用一句话说明是否值得。',
      },
      forecast: {
        title: '接下来会怎样',
        text: '下一个窗口与当前窗口并列。训练之前由现成的网络作答，训练好的模型会取而代之。',
      },
      keep: {
        title: '带走结果',
        text: '除非您保存，否则不会留下任何内容：可保存为用口令加密的项目，或单个文件的报告。每个图表和表格都有自己的保存菜单。',
      },
    },
  },
};
