/** Sentences about what may be published: tables in which nobody stands out, noise, pseudonyms. In English; see en.ts. */
import { plural } from './plural';

export const enPublish = {
  open: 'Publish safely',
  dialog: 'Publish safely',
  text: 'The heat map of what is chosen now, in a form that can be shown to others without showing anyone in it.',
  method: 'How',
  methods: { anonymous: 'Hide small groups', noise: 'Add noise', pseudonyms: 'Replace names' },
  total: 'Total',
  anonymous: {
    text: 'Counts events. Cells that only a few people stand behind stay empty, and as many more as it takes that none of them follows from the totals.',
    limits:
      'Who knows much about the others in the log, or sees two versions of the table, may still find something out. Noise protects against that, too.',
    k: 'People who must stand behind a cell',
    totals: 'With totals',
    made: (few: string, complements: string, merged: string) =>
      `Saved. Empty for few people: ${few} cells; empty to protect those: ${complements}; domains with few people that stand together as “Other”: ${merged}.`,
  },
  noise: {
    text: 'Counts the people of the whole log, each in a limited number of cells, and adds noise to every count: whether any one person was in the log makes hardly a difference to what comes out (differential privacy).',
    limits:
      'When the log begins and ends is not hidden. Every release spends from the budget; what exceeds it is refused.',
    budget: 'Budget for this log (ε)',
    budgetHelp: 'Smaller protects more. 1 is strict, 10 is loose. It can be set until the first release.',
    epsilon: 'This release (ε)',
    delta: 'Accepted chance of failure for this log (δ)',
    deltaHelp: 'Each release takes a tenth of it.',
    cells: 'Cells that one person counts in, at most',
    secret: 'The list of domains is secret, too',
    spent: (spent: string, budget: string, count: number, releases: string) =>
      `Spent so far: ε = ${spent} of ${budget}, in ${releases} ${plural(count, 'release', 'releases')}.`,
    unspent: 'Nothing is spent yet.',
    made: (bound: string, uncounted: string) =>
      `Saved. The noise of a cell is at most ${bound} with a chance of 95 %. Not counted, for the limit on cells: ${uncounted} (do not publish that share).`,
    nothing: (least: string) =>
      `No cell had enough people: with this noise at least ${least} must stand behind one. Longer windows, a larger ε or fewer cells per person help; so does a list of domains that is not secret. What was spent stays spent.`,
  },
  pseudonyms: {
    text: 'Replaces the name of every user by a code that only the key can make (HMAC-SHA-256), here in the tab. Another log with the same key gets the same codes, so that two can be joined without names.',
    limits:
      'It can’t be undone in this tab, and the log can’t be cleaned again. Codes are no anonymity: who knows some of a person’s events may find the others.',
    key: 'Key to use (64 hexadecimal digits; empty: a new one)',
    badKey: 'A key has 64 hexadecimal digits.',
    apply: 'Replace names',
    done: 'The names are replaced. Keep this key where nobody else reads it, or let it go:',
    copy: 'Copy key',
    copied: 'Copied.',
  },
  save: 'Save table (CSV)',
  file: (kind: 'anonymous' | 'noise', day: string) =>
    `driftscope-${kind === 'anonymous' ? 'small-groups-hidden' : 'with-noise'}-${day}.csv`,
};

export type PublishMessages = typeof enPublish;
