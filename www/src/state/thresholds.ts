/** The one place for the page's own limits and choices. */

export const THRESHOLDS = {
  /** A time column of which fewer cells than this parse is shown as wrong. */
  timeParsedBad: 0.5,
  /** …and one of which fewer than this parse as doubtful. */
  timeParsedGood: 0.98,
  /** Domains in the heat map; the rest is summed up as "others". The last one stands for all. */
  heatTop: [12, 20, 40, 80, 1_000_000],
  /** Flows in the Sankey; the rest is summed up as "others". */
  flowTop: [15, 30, 60],
  /** Least share of what moved that a flow must have to be drawn on its own. */
  flowLeast: [0, 0.002, 0.005, 0.01, 0.02],
  /** Flows that the engine is asked for, so that those of one domain can be picked out. */
  flowsAsked: 10_000,
  /** A heat map with more cells than this is painted row by row as it is scrolled, a table with more by its cells in sight. */
  manyCells: 5000,
  /** More rows than this are put into an order of likeness by their main directions, and not by clusters. */
  clustered: 120,
  /** Most layers of the streamgraph; more cannot be told apart. */
  streamTop: 20,
  /** Domains with a lane of their own in one user's timeline. */
  lanes: 12,
  /** More events than this in a timeline are drawn small. */
  manyEvents: 600,
  /** Users listed as nearest to one. */
  nearest: 8,
  /** The sum of the flows not listed is drawn by default only below this share of what moved: it would squeeze the rest. */
  othersDrawn: 0.3,
  /** Domains in the forecast. */
  forecastTop: [10, 20, 40],
  /** People who must stand behind a published cell, unless another number is chosen. */
  peoplePerCell: 10,
  /** ε that may be spent on noisy tables of a log, unless another is chosen. */
  privacyBudget: 4,
  /** Segments that the engine makes, at most. */
  mostSegments: 12,
  /** Prediction strength from which segments count as kinds of users (Tibshirani & Walther 2005). */
  segmentStrength: 0.9,
  /** Noisy tables that share the accepted chance of failure of a log's budget. */
  releasesPerDelta: 10,
  /** Half-lives on offer, in windows; null: only the window itself. */
  halfLives: [null, 1, 2, 4, 8] as readonly (number | null)[],
  /** More windows than this get a zoom bar. */
  zoomFrom: 48,
  /** Least width of a saved picture and width of those in a report, in CSS pixels. */
  pictureWidth: 900,
  /** Rows of a table in a report. */
  reportRows: 60,
  /** Users that the search fetches at a time. */
  userPage: 100,
  /** Columns of a preview before the unread ones are folded away. */
  previewColumns: 12,
  /** Rows of a preview. */
  previewRows: 8,
  /** Milliseconds that typing rests before it asks the engine. */
  typingRest: 250,
  /** Points of the live loss curve that are drawn. */
  curvePoints: 1500,
  /** Milliseconds between two drawings of a progress. */
  drawEvery: 80,
  /** …and of a live curve, which takes longer. */
  drawCurveEvery: 250,
  /** Below so many seconds a remaining time is not worth telling. */
  remainingFrom: 3,
  /** Fewest characters of a passphrase. */
  passphrase: 10,
  /** Items that are listed as what may come next for a user. */
  nextItems: 10,
  /** Domains of a forecast that can be explained. */
  explainDomains: 30,
  /** Items that are named as the reasons of a recommendation. */
  reasons: 5,
} as const;

/** The log behind "Try the sample": invented shoppers over 100 days. */
export const SAMPLE = { users: 2000, days: 100, seed: 7 } as const;
