/** Sentences about kinds of users. In English; see en.ts. */
import { plural } from './plural';

export const enSegments = {
  segments: {
    title: 'Segments',
    text: 'Kinds of users, by where their interest is and where it moves. On the left the segment in a window, on the right in the next one.',
    offer:
      'Kinds of users, by where their interest is and where it moves. How many there are is chosen by what comes out again on other users.',
    find: 'Find segments',
    aria: (count: string) =>
      `Flow chart of users between ${count} segments from window to window. The same numbers are in the table.`,
    numbered: (number: string) => `Segment ${number}`,
    away: 'Away',
    from: 'Segment before',
    to: 'Segment after',
    steps: 'Users, window by window',
    ofAll: 'Share of all',
    size: (count: number, n: string, share: string) => `${n} ${plural(count, 'user', 'users')} (${share})`,
    comes: (domain: string, change: string) => `comes to ${domain} (+${change})`,
    leaves: (domain: string, change: string) => `leaves ${domain} (−${change})`,
    stable: (count: string, strength: string) =>
      `${count} segments; they come out again on other users (prediction strength ${strength}).`,
    weak: (count: string, strength: string) =>
      `${count} segments, but they hardly come out again on other users (prediction strength ${strength}, enough would be 0.9): these users differ gradually, not in kinds.`,
    chosen: (name: string) => `Segment ${name}`,
  },
  segmentsHelp: {
    read: 'Each band is users who were in one segment in a window and in another (or the same) in the next. “Away” are those without an event in that window. Choose a segment to see only its users in all charts.',
    terms: [
      {
        term: 'Name of a segment',
        text: 'The domains that it has clearly more of than all others, and the domain that its interest comes to.',
      },
      {
        term: 'Prediction strength',
        text: 'Users are halved at random, and both halves are grouped. It is the part of pairs that one half’s grouping keeps together in the other’s worst group, averaged over three halvings.',
      },
    ],
    formula: [
      'a user’s point: √ of the shares of the profile, and by how much these changed over half of the windows',
      'k-means (k-means++ starts) on these points; the largest number of 2 to 12 with a prediction strength of at least 0.9, else the strongest',
      'names: log-odds ratio with an informative prior, beyond three standard errors (Monroe, Colaresi & Quinn 2008)',
    ],
  },
};

export type SegmentsMessages = typeof enSegments;
