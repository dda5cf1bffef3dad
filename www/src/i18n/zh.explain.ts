/** 解释预测与推荐的文字。见 en.explain.ts。 */
import type { enExplain } from './en.explain';

export const zhExplain: typeof enExplain = {
  title: '为什么这样预测',
  text: '让模型在缺少某些事件的日志上重新预测：预测减少了多少，就说明这些事件承载了多少。',
  chooseUser: '请在上方选择一位用户，查看其预测的依据。',
  domain: '要解释的领域',
  ask: '解释',
  summary: (user, domain, share, without) =>
    `预测${user}接下来对${domain}的兴趣为${share}。若对该用户一无所知，则为${without}。`,
  strongest: (events, _count, domain, from, to, points) =>
    `主要依据是${domain}中的${events}个事件（${from}至${to}）：没有它们，占比会下降${points}。`,
  nothing: '该用户自己的事件都不支持这一预测：它只反映大众的行为。',
  checkHolds: (named, _count, random) =>
    `已核对：去掉这些事件，占比下降${named}；随机去掉同样多的事件，占比变化${random}。`,
  checkFails: (named, random) =>
    `请谨慎看待：去掉这些事件，占比变化${named}；随机去掉同样多的事件，占比变化${random}。`,
  events: '用户自己的事件',
  eventsAria: (count) => `${count}组事件的影响条形图。表格中有相同的数字。`,
  group: '事件',
  groupName: (domain, from, to) => `${domain}，${from} – ${to}`,
  otherDomains: '所有其他领域',
  count: '数量',
  items: '其中包括',
  effect: '对占比的影响',
  speaksFor: '支持',
  speaksAgainst: '反对',
  neighbours: '其他用户',
  neighboursText: '按共同接触过的物品，与该用户最相似的用户，以及没有他们时预测会减少多少。',
  noNeighbours: '没有其他用户接触过相同的物品。',
  user: '用户',
  path: '通过',
  interest: '他们在该领域的兴趣',
  points: (points) => `${points}个百分点`,
  because: '为什么？',
  becauseOf: (item) => `为什么推荐${item}？`,
  becauseTitle: (item) => `推荐${item}，是因为`,
  becauseNothing: '该用户的物品都不支持这一推荐：它只是大家都会选的。',
  part: (part) => `占支持因素的${part}`,
};
