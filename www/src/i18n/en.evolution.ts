/** Sentences about looking closer: the selection, one user's page, and how to read each chart. In English; see en.ts. */
import { plural } from './plural';

export const enEvolution = {
  explore: {
    selection: 'Selection',
    nothing: 'Nothing is selected. Choose a domain, a window or a flow in any chart or table: all of them follow.',
    user: (name: string) => `User ${name}`,
    domain: (name: string) => `Domain ${name}`,
    flow: (from: string, to: string) => `From ${from} to ${to}`,
    window: (span: string) => `Window ${span}`,
    windows: (from: string, to: string) => `From ${from} to ${to}`,
    absent: 'not in what is shown',
    remove: (what: string) => `Remove ${what} from the selection`,
    clear: 'Clear all',
    undo: 'Undo',
    redo: 'Redo',
    link: 'Copy link',
    linkHelp: 'A link to this view: settings, and the selection by name. It holds no data and no user.',
    linked: 'The link is on the clipboard.',
    linkHere: 'Copy this link:',
    linkWaits: 'This link holds a view. It opens with the log that you load.',
    linkSample: 'This link holds a view of the sample.',
    openSample: 'Open the sample',
    shape: 'Show as',
    shapes: { heat: 'Heat map', stream: 'Streamgraph' },
    thickness: 'Thickness shows',
    log: 'Log scale',
    find: 'Only domains with',
    found: (count: number, n: string) => `${n} ${plural(count, 'domain has', 'domains have')} this in the name`,
    notFound: 'No domain has this in its name.',
    rowsInSight: (from: string, to: string, total: string) => `rows ${from}–${to} of ${total}`,
    streamAria: (layers: string, windows: string) =>
      `Streamgraph of ${layers} interest domains over ${windows} windows. The same numbers are in the table.`,
    streamLayers: (n: string) => `The streamgraph shows the ${n} largest domains; the heat map shows more.`,
    least: 'Draw from',
    leastAll: 'any size',
    leastShare: (share: string) => `${share} of what moved`,
    ofDomain: (name: string, share: string) => `Only flows from and to ${name}: ${share} of all that moved.`,
    smaller: 'smaller flows together',
    leftOut: (share: string) => `${share} of what moved went between domains that are not drawn.`,
    eventsIn: (names: string) => `Weighted events in ${names}`,
    partOf: (name: string) => `Due to ${name}`,
    onlyInto: (span: string) => `What moved into ${span}.`,
    firstWindow: 'There is no window before the one that is selected, so all consecutive windows are shown.',
    timeline: {
      title: 'Timeline',
      text: 'Every event: a lane for each domain, a shape for each kind.',
      when: 'When',
      kind: 'Kind',
      item: 'Item',
      noDomain: 'No domain',
      aria: (events: string, lanes: string) =>
        `Timeline of ${events} events in ${lanes} lanes. The same events are in the table.`,
    },
    person: {
      title: (name: string) => `User ${name}`,
      back: 'Back to everyone',
      facts: (count: number, events: string, span: string) => `${events} ${plural(count, 'event', 'events')}, ${span}`,
      mostly: (domain: string) => `mostly ${domain}`,
      profile: 'Profile over time',
    },
    next: {
      title: 'What comes next',
      text: 'The expected profile of the next window, beside the one now.',
      none: 'No model is there yet. Train one on this log, or take the ready-made network, which needs no training.',
      ready: 'Use the ready-made network',
      by: (model: string) => `Forecast by ${model}.`,
      why: 'Why? See the step Forecast',
    },
    items: {
      title: 'Recommendations',
      text: 'Items that this user did not have yet, best first.',
      none: 'Models of the next item are not trained yet. Compare them in the step Forecast; the list then stands here.',
      go: 'To the forecast',
      by: (model: string) => `By ${model}.`,
      item: 'Item',
      itemTitle: 'Title',
      score: 'Score',
    },
    near: {
      title: 'Nearest users',
      text: 'Whose profile over the whole log is most alike. Choose one to see their page.',
      none: 'No other user shares a domain with this one.',
      user: 'User',
      distance: 'Distance',
      shared: 'In common',
      share: (domain: string, own: string, theirs: string) => `${domain} (${own} here, ${theirs} there)`,
    },
    list: {
      label: 'Users by number of events',
      position: (place: string, total: string) => `${place} of ${total}`,
    },
  },
  help: {
    how: 'How to read this',
    formula: 'The formula',
    evolution: {
      read: 'Each row is a domain, each column a window of time. The darker a cell (in dark mode: the brighter), the more of the interest lay there. Click a name, a date or a cell to select it in all charts; click again to let go.',
      terms: [
        { term: 'Share', text: 'The domain’s part of all weighted events of the window. Every column sums to 100 %.' },
        { term: 'Weighted events', text: 'Events, each counted as its kind says: a purchase for more than a view.' },
        { term: 'Lift', text: 'The share against the domain’s own mean share: 2× is twice as much as usual for it.' },
        { term: 'Log scale', text: 'Colours by order of magnitude, so that small domains can be told apart, too.' },
        { term: 'Alike together', text: 'Domains whose shares rise and fall together stand side by side.' },
        { term: 'Others', text: 'The sum of all domains that have no row of their own.' },
      ],
      formula: [
        'W(d, v) = Σ w(e) over the events e of domain d in window v',
        'with memory of h windows: W(d, v) = Σ_{u ≤ v} 2^((u − v) / h) · n(d, u)',
        'share(d, v) = W(d, v) / Σ_c W(c, v)',
        'lift(d, v) = share(d, v) / mean over v of share(d, v), coloured as log₂ from 1/4 to 4',
        'order “alike together”: average linkage on 1 − Pearson correlation of the shares; beyond 120 domains by the angle in the plane of the two main directions of these correlations',
      ],
    },
    transfer: {
      read: 'On the left is what people turned from, on the right what they turned to; the thicker a band, the more interest moved. Choose a domain to see only its flows, or a band to mark it everywhere. What is too small for a band of its own is summed up as “Others”.',
      terms: [
        {
          term: 'Transfer',
          text: 'The part of a user’s profile that is in other domains than in their window before.',
        },
        { term: 'Profiles moved', text: 'One user whose interest changes completely, once, moves 1.' },
        { term: 'Draw from', text: 'Flows below this part of all that moved are summed up.' },
      ],
      formula: [
        'for a user’s profiles p (before) and q (after): stayed(d) = min(p_d, q_d)',
        'flow(a, b) = l_a · g_b / Σ_c g_c, with l_d = max(p_d − q_d, 0) and g_d = max(q_d − p_d, 0)',
        'no transport moves less; where several domains lose and gain at once, the split in proportion is an assumption',
      ],
    },
    drift: {
      read: 'The higher the line, the more a window’s profile differs from that of the window before. Dashed lines mark turning points: windows with which interest begins to differ beyond chance. With a domain selected, a second line shows how much of the distance is due to it.',
      terms: [
        { term: 'Distance', text: '0: the same profile. 1: no domain in common.' },
        {
          term: 'Mean of each user',
          text: 'Users’ distances to their own window before; larger, since few events vary by chance.',
        },
        { term: 'Strength', text: 'Evidence for the turning point, against what chance gives: 1 is just beyond it.' },
      ],
      formula: [
        'distance = √JSD(p, q), JSD(p, q) = H((p + q) / 2) − (H(p) + H(q)) / 2, in bits',
        'due to d: distance · JSD_d / JSD, JSD_d = ½ [p_d log₂(p_d / m_d) + q_d log₂(q_d / m_d)], m = (p + q) / 2',
        'turning point: G = 2 [L(a) + L(b) − L(a + b)], L(n) = Σ n_d ln(n_d / Σ n), split where G is largest and beyond its bound',
      ],
    },
    activity: {
      read: 'Bars are events, the line is active users. Few events make every other chart less certain. With a domain selected, the bars are its weighted events.',
      terms: [{ term: 'Active user', text: 'A user with an event in the window.' }],
      formula: ['events(v) = number of events in window v; never weighted, never faded'],
    },
    timeline: {
      read: 'Each mark is one event at its time, in the lane of its domain; its shape says what kind it is. Click a mark to select its domain and window, or a kind in the legend to hide it. The bar below zooms.',
      terms: [],
      formula: ['lanes by number of events; domains beyond the largest share the lane “Others”'],
    },
    forecast: {
      read: 'Two bars for each domain: the share now, and the share that the model expects in the next window.',
      terms: [
        {
          term: 'Forecast',
          text: 'An expected profile, not a promise: how good the model was on this log stands in the step Models.',
        },
      ],
      formula: ['the model’s shares of the next window, Σ_d share(d) = 1'],
    },
    near: {
      read: 'The smaller the distance, the more alike two profiles are over the whole log, or, with memory, as they are at its end. The domains that hold most of the overlap stand beside it.',
      terms: [],
      formula: [
        'distance = √JSD(p, q) of the profiles P(u)[d] = Σ_v f(v) n(u, v, d) / Σ; f = 1, or 2^((v − V) / h) with memory',
      ],
    },
  },
};

export type EvolutionMessages = typeof enEvolution;
