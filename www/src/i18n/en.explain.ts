/** The sentences that explain a forecast or a recommendation. In English; see en.ts. */
import { plural } from './plural';

export const enExplain = {
  title: 'Why this forecast',
  text: 'The model is asked again about a log that lacks some events: what its forecast loses is what they carried.',
  chooseUser: 'Choose one user above to see what their forecast rests on.',
  domain: 'Domain to explain',
  ask: 'Explain',
  summary: (user: string, domain: string, share: string, without: string) =>
    `${user}’s next interest in ${domain} is forecast at ${share}. Knowing nothing of this user, it would be ${without}.`,
  strongest: (events: string, count: number, domain: string, from: string, to: string, points: string) =>
    `Most of it rests on ${events} ${plural(count, 'event', 'events')} in ${domain}, ${from} to ${to}: without them the share falls by ${points}.`,
  nothing: 'None of this user’s own events speaks for it: the forecast is what everyone does.',
  checkHolds: (named: string, count: number, random: string) =>
    `Checked: leaving out ${plural(count, 'this event', 'these events')} lowers the share by ${named}, leaving out as many of the user’s events at random changes it by ${random}.`,
  checkFails: (named: string, random: string) =>
    `Take this with care: leaving out these events changes the share by ${named}, leaving out as many at random by ${random}.`,
  events: 'The user’s own events',
  eventsAria: (count: string) =>
    `Bar chart of the effect of ${count} groups of events. The same numbers are in the table.`,
  group: 'Events',
  groupName: (domain: string, from: string, to: string) => `${domain}, ${from} – ${to}`,
  otherDomains: 'All other domains',
  count: 'Number',
  items: 'Among them',
  effect: 'Effect on the share',
  speaksFor: 'speaks for it',
  speaksAgainst: 'speaks against it',
  neighbours: 'Other users',
  neighboursText: 'The users most like this one, by what both touched, and what the forecast loses without them.',
  noNeighbours: 'No other user touched the same items.',
  user: 'User',
  path: 'Through',
  interest: 'Their interest in it',
  points: (points: string) => `${points} pts`,
  because: 'Why?',
  becauseOf: (item: string) => `Why ${item}?`,
  becauseTitle: (item: string) => `${item} is recommended because of`,
  becauseNothing: 'None of the user’s items speaks for it: it is what everyone takes.',
  part: (part: string) => `${part} of what speaks for it`,
};
