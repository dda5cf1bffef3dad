/** Names for what the engine reports by code, in English. */
import type { ErrorCode, ModelName, Preset, Role, RuleName } from 'driftscope';

/** A code's sentence; `values` come from the engine. */
export type NoteText = (values: Record<string, string>) => string;

const roles: Record<Role, string> = {
  user: 'User',
  item: 'Item',
  domain: 'Interest domain',
  kind: 'Event kind',
  time: 'Time',
  platform: 'Platform',
  title: 'Title',
  friend: 'Connected user',
  property: 'Property name',
  value: 'Property value',
  ignore: 'Not read',
};

const presets: Record<Preset, string> = {
  taobao: 'Taobao UserBehavior',
  complete_journey: 'The Complete Journey',
  rees46: 'REES46 store',
  retailrocket: 'RetailRocket',
  ga4: 'Google Analytics 4 export',
  amazon_reviews: 'Amazon reviews',
  movielens: 'MovieLens',
  generic: 'a general log',
};

const models: Record<ModelName, string> = {
  popularity: 'Popularity',
  persistent: 'Same as last time',
  moving_average: 'Moving average',
  user_frequency: 'All of the past',
  decay_prior: 'Decayed history and popularity',
  markov: 'What follows what (Markov)',
  dnn: 'Neural network (DNN)',
  gnn: 'Graph network (GNN)',
  'dnn+gnn': 'Fused network (DNN + GNN)',
  sequence: 'Sequence network (attention)',
  'cf-user-cosine': 'Similar users (cosine)',
  'cf-user-pearson': 'Similar users (Pearson)',
  'cf-item': 'Similar items',
  'cf-closed': 'Past to future (ridge regression)',
  blend: 'Blend of models',
  base: 'Ready-made network (no training)',
};

const rules: Record<RuleName, { name: string; text: string }> = {
  malformed_row: { name: 'Malformed rows', text: 'Wrong number of columns, or text that cannot be decoded.' },
  missing_user: { name: 'No user', text: 'The row does not say who.' },
  missing_item: { name: 'No item', text: 'The row does not say what.' },
  missing_time: { name: 'No time', text: 'The row does not say when.' },
  bad_time: { name: 'Unreadable time', text: 'The time does not parse in the chosen format.' },
  time_out_of_range: { name: 'Stray time', text: 'The time lies outside the plausible span of this log.' },
  exact_duplicate: { name: 'Exact duplicate', text: 'The same row once more, in every column.' },
  bot_rate: {
    name: 'Implausible rate',
    text: 'A user with more events in one minute than a person makes; what shares a time, as a basket does, counts little.',
  },
  unknown_kind: {
    name: 'Unknown kind',
    text: 'The event kind is a word that is not known. While this is off, it is kept under its own name, with weight 1.',
  },
  missing_domain: { name: 'No domain', text: 'The item belongs to no interest domain.' },
  sparse_user: { name: 'Rare user', text: 'Too few events to speak of an interest.' },
  sparse_item: { name: 'Rare item', text: 'Too few events of this item.' },
};

const kinds: Record<string, string> = {
  view: 'View',
  search: 'Search',
  favourite: 'Favourite',
  cart: 'Cart',
  purchase: 'Purchase',
  rating: 'Rating',
};

const errors: Record<ErrorCode, { title: string; advice: string }> = {
  empty: {
    title: 'There is nothing to read',
    advice: 'The file has no bytes or no rows. Check that the export finished, or choose another file.',
  },
  unreadable: {
    title: 'This file cannot be read as a log',
    advice: 'Export it as CSV, TSV, JSON Lines or Parquet with flat columns, and drop it again.',
  },
  damaged: {
    title: 'The file is damaged or cut off',
    advice: 'Copy or export it once more; a download may have broken off.',
  },
  too_large: {
    title: 'A safety limit is exceeded',
    advice: 'The place below says which. Usually the delimiter or the quotes are wrong; else split the file.',
  },
  memory: {
    title: 'This needs more memory than there is',
    advice: 'Load a part of the log, or choose longer windows and fewer models.',
  },
  columns: {
    title: 'The columns do not hold what is needed',
    advice: 'Say which columns are the user, the time, and the item or the domain.',
  },
  budget: {
    title: 'The privacy budget does not cover this',
    advice: 'Take a smaller ε for this release, or do without it. What was spent stays spent.',
  },
  not_enough: {
    title: 'There is not enough data for this',
    advice: 'Choose a shorter window, switch off a cleaning rule, or load a longer log.',
  },
  parameter: { title: 'A setting is out of its range', advice: 'Change the setting and try again.' },
  cancelled: { title: 'Cancelled', advice: 'Nothing was changed.' },
  device: { title: 'The graphics device failed', advice: 'Choose the CPU engine and try again.' },
  checkpoint: {
    title: 'This session cannot be restored',
    advice: 'It may come from another version. Load the log again.',
  },
  state: { title: 'Something has to come first', advice: 'Go back one step and try again.' },
  crashed: {
    title: 'The engine stopped unexpectedly',
    advice:
      'A new one starts with the next call and loads the log again. Try again; with less memory in use elsewhere it may pass.',
  },
  unsupported: {
    title: 'This browser cannot do that',
    advice: 'Reload the page. If it stays like this, use a current Chrome, Edge, Firefox or Safari.',
  },
  network: {
    title: 'A part of the page could not be fetched',
    advice: 'Check the connection and try again. If it stays like this, reload the page: no log has been taken yet.',
  },
  disposed: { title: 'The engine was closed', advice: 'Reload the page.' },
};

const notes: Record<string, NoteText> = {
  'engine.requested': () => 'It is the engine that you chose.',
  'engine.no_adapter': () => 'WebGPU is not available here.',
  'engine.nothing_to_train': () => 'There was nothing to train.',
  'engine.quick': ({ cpu, seconds }) =>
    `A training step takes ${cpu} ms on the CPU: at about ${seconds} s in all, fetching the other engine would take longer.`,
  'engine.measured': ({ cpu, webgpu }) => `A training step takes ${cpu} ms on the CPU and ${webgpu} ms on WebGPU.`,
  'engine.fallback': ({ reason }) => `WebGPU failed, so the CPU trained instead (${reason}).`,
  'plan.encoding_doubtful': () =>
    'Some bytes are valid in no encoding that was tried; rows that hold them are reported as malformed.',
  'plan.side_table': () =>
    'A file that belongs to this kind of log, but holds no events, items or connections: not read.',
  'plan.no_time': () => 'No column is a time, so this file is not read. If one is, say which.',
  'plan.no_user': () => 'No column is a user, so this file is not read. If one is, say which.',
  'plan.no_table': () =>
    'The columns are neither those of events nor of items or connections, so this file is not read. Say what they are if it should be.',
  'plan.no_header': () => 'The first row is data: this file has no header.',
  'plan.one_column': () => 'Only one column was found. Is the delimiter right?',
  'plan.times_do_not_parse': ({ parsed, rows }) =>
    `Only ${parsed} of ${rows} rows parse as a time in the chosen format.`,
  'file.damaged': ({ line, byte }) =>
    `The file is damaged or cut off at line ${line}, after ${byte} bytes of text; the rows before that are kept.`,
  'items.joined': ({ joined, items, listed }) =>
    `Of the ${items} items in the events, ${joined} are in the item table, which lists ${listed}.`,
  'items.several_domains': ({ items }) =>
    `${items} items are filed under several domains in the item table; the first counts, or where the table has times, the latest.`,
  'items.first_genre': () => 'Of several genres of an item, the first is taken as its domain.',
  'edges.strangers': ({ edges, all }) =>
    `${edges} of ${all} connections are left out, because one of their users has no events.`,
  'kinds.too_many': ({ rows }) =>
    `There are more than 256 kinds of event; ${rows} rows of further kinds are left out. Is this the right column?`,
  'platforms.too_many': ({ rows }) =>
    `There are more than 255 platforms; ${rows} events of further ones count as of no platform. Is this the right column?`,
  'times.range': ({ from, to }) => `The log was found to span ${from} to ${to}; times outside are strays.`,
  'times.one_day': () => 'All events lie within one day: movement over days cannot be seen.',
  'domains.none': () => 'No item has an interest domain: let domains be derived from items that go together.',
  'domains.one': () => 'All items lie in one interest domain: there is nothing to move between.',
  'items.variants': ({ items }) =>
    `Items that the events file under several domains: ${items}. Each event keeps the domain of its row.`,
  'users.one': () => 'The whole log is about one user.',
  'bots.coarse_times': () => 'Times are coarser than minutes, so implausible rates could not be looked for.',
  'edges.without_events': ({ edges }) =>
    `Social connections left out because no event of one of the two users passed the rules: ${edges}.`,
};

export const enCodes = { roles, presets, models, rules, kinds, errors, notes };
export type Codes = typeof enCodes;
