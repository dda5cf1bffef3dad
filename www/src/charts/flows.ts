/** Which flows a Sankey draws on their own, and what the rest sums up to, so that no mass is lost. Pure. */
import type { Transfer } from 'driftscope';

export type Flow = Transfer['flows'][number];

export interface FlowChoice {
  /** Most flows that are drawn on their own. */
  top: number;
  /** Least share of what moved that such a flow has. */
  least: number;
  /** Only flows from and to this domain; null: all. */
  domain: number | null;
  /** A flow that is always drawn on its own. */
  keep?: { from: number; to: number } | null;
}

/** Mass that moved and is not drawn flow by flow, between a domain and all others (null). */
export interface RestFlow {
  from: number | null;
  to: number | null;
  mass: number;
}

export interface FlowPicture {
  flows: Flow[];
  /** What the domains that are drawn lost to, and gained from, smaller flows; largest first. */
  rest: RestFlow[];
  /** Mass that moved between domains of which none is drawn. */
  elsewhere: number;
  /** The mass and number of all flows that are not drawn on their own. */
  others: { mass: number; flows: number };
  /** The mass of all flows in question: those drawn and the others. */
  moved: number;
}

/** All mass that moved and that stayed, the flows that are not listed included. */
export function transferTotals(transfer: Transfer): { moved: number; stayed: number; movedShare: number } {
  const listed = transfer.flows.reduce((sum, flow) => sum + flow.mass, 0);
  const moved = listed + transfer.others.mass;
  const stayed = transfer.stayed.reduce((sum, entry) => sum + entry.mass, 0);
  const all = moved + stayed;
  return { moved, stayed, movedShare: all > 0 ? moved / all : 0 };
}

/**
 * The largest flows, largest first, and the rest: a smaller flow from a domain that is drawn on the left goes to the others
 * on the right, and one to a domain that is drawn on the right comes from the others on the left. What moved elsewhere
 * would only squeeze the picture: its sum is told.
 */
export function chooseFlows(transfer: Transfer, { top, least, domain, keep = null }: FlowChoice): FlowPicture {
  const asked = transfer.flows.filter((flow) => domain === null || flow.from === domain || flow.to === domain);
  // Of the flows that the engine did not list, nobody knows whose they are.
  const unlisted = domain === null ? transfer.others : { mass: 0, flows: 0 };
  const moved = asked.reduce((sum, flow) => sum + flow.mass, unlisted.mass);
  const isKept = (flow: Flow): boolean => flow.from === keep?.from && flow.to === keep.to;
  const flows = asked.filter((flow, place) => isKept(flow) || (place < top && flow.mass >= least * moved));
  const drawn = new Set(flows);
  const left = new Set(flows.map((flow) => flow.from));
  const right = new Set(flows.map((flow) => flow.to));
  const sums = new Map<string, RestFlow>();
  const add = (from: number | null, to: number | null, mass: number): void => {
    const key = `${from} ${to}`;
    const sum = sums.get(key) ?? { from, to, mass: 0 };
    sum.mass += mass;
    sums.set(key, sum);
  };
  const small = asked.filter((flow) => !drawn.has(flow));
  let elsewhere = unlisted.mass;
  for (const { from, to, mass } of small) {
    if (left.has(from)) add(from, null, mass);
    else if (right.has(to)) add(null, to, mass);
    else elsewhere += mass;
  }
  const rest = [...sums.values()].sort((a, b) => b.mass - a.mass);
  const mass = rest.reduce((sum, one) => sum + one.mass, elsewhere);
  return { flows, rest, elsewhere, others: { mass, flows: small.length + unlisted.flows }, moved };
}
