//! Interest transfer: what flows from domain to domain between a user's consecutive active windows.

use driftscope_kernels::Order;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{InterestOptions, Profiler, Scope, Windows};
use crate::{Error, Result, event::Log, memory::fits};

/// Two window numbers, the earlier first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Between {
    /// The earlier window.
    pub from: usize,
    /// The later window.
    pub to: usize,
}

/// Flows of interest, summed over users. Each step of a user from one window to another has mass 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// The largest flows, largest first.
    pub flows: Vec<Flow>,
    /// Mass that stayed within its domain, largest first.
    pub stayed: Vec<Stay>,
    /// The domains that `flows` and `stayed` name, by id.
    pub domains: Vec<DomainName>,
    /// The flows that were left out.
    pub others: OtherFlows,
    /// Number of users with at least one step.
    pub users: u32,
}

/// Mass that moved from one domain to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Flow {
    /// The domain that lost.
    pub from: u32,
    /// The domain that gained.
    pub to: u32,
    /// Sum over users and steps.
    pub mass: f64,
    /// Number of users who contributed.
    pub users: u32,
}

/// Mass that stayed in a domain.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stay {
    /// The domain.
    pub domain: u32,
    /// Sum over users and steps.
    pub mass: f64,
}

/// A domain and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DomainName {
    /// Id in [`Log::domains`].
    pub id: u32,
    /// Its name.
    pub name: String,
}

/// What the listed flows leave out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OtherFlows {
    /// Their mass.
    pub mass: f64,
    /// Their number.
    pub flows: u32,
}

/// Sums the flows of the users in `scope`.
///
/// For a user's profiles `p` (earlier) and `q` (later), `min(p_d, q_d)` stays in domain `d`; what a domain lost,
/// `l_d = max(p_d - q_d, 0)`, goes to those that gained, `g_d = max(q_d - p_d, 0)`, in proportion to their gains:
/// `flow(a, b) = l_a g_b / Σ g`. No transport moves less mass (the total is the total variation distance of `p` and `q`),
/// and among those that move as little this one has the largest entropy.
///
/// `between` picks two windows, and the users active in both; `None` takes each user's consecutive active windows. `top`
/// limits how many flows are listed.
///
/// # Errors
/// As [`Windows::of_log`] and [`Scope::users`]; [`Error::Parameter`] where `between` names no two windows in order;
/// [`Error::Memory`] where users move between so many domains that their pairs are countless.
pub fn transfer(
    log: &Log,
    scope: &Scope,
    options: &InterestOptions,
    between: Option<Between>,
    top: usize,
) -> Result<Transfer> {
    let users = scope.users(log)?;
    let windows = Windows::of_log(log, &options.window)?;
    if let Some(Between { from, to }) = between
        && (from >= to || to >= windows.len())
    {
        return Err(Error::Parameter {
            name: "windows to compare",
            hint: format!("choose an earlier and a later one of 0 to {}, not {from} and {to}", windows.len() - 1),
        });
    }
    let mut profiler = Profiler::new(log, &windows, options)?;
    let mut table = FlowTable::new(log.domains.len());
    let mut movers = 0;
    let mut earlier: Vec<(u32, f64)> = Vec::new();
    for &user in &users {
        earlier.clear();
        let mut steps = 0;
        profiler.each(user, |profile| {
            if between.is_some_and(|pair| profile.window != pair.from && profile.window != pair.to) {
                return;
            }
            let starts = between.is_some_and(|pair| profile.window == pair.from);
            if !starts && !earlier.is_empty() {
                table.add(user, &earlier, profile.shares);
                steps += 1;
            }
            earlier.clear();
            earlier.extend_from_slice(profile.shares);
        });
        movers += u32::from(steps > 0);
        fits(
            "the flows between so many domains",
            table.pairs.saturating_mul(PAIR_BYTES),
            PAIRS * PAIR_BYTES,
            "choose longer windows or fewer users, or file the items under fewer domains",
        )?;
    }
    Ok(table.finish(log, top, movers))
}

/// Differences below this are rounding, not movement.
const ROUNDING: f64 = 1e-12;
/// Up to so many domains each domain that loses gets a full row of cells (16 bytes each, 196 MB if all of them lose), which is
/// several times faster than a map.
const DENSE_DOMAINS: usize = 3500;

/// Pairs of domains that may be counted one by one where there are too many domains for rows, and bytes of one with its
/// place in the map and in the list made of it.
const PAIRS: usize = 1 << 24;
const PAIR_BYTES: usize = 80;

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    mass: f64,
    users: u32,
    /// Number of the last contributing user plus 1; users come one after the other.
    last: u32,
}

impl Cell {
    fn add(&mut self, user: u32, mass: f64) {
        self.mass += mass;
        if self.last != user + 1 {
            self.last = user + 1;
            self.users += 1;
        }
    }
}

struct FlowTable {
    domains: usize,
    /// Cells by losing, then gaining domain; a row is empty until it is needed, and all are with too many domains.
    rows: Vec<Vec<Cell>>,
    sparse: FxHashMap<(u32, u32), Cell>,
    /// How many cells the map has, or would have with a step that was left out for their number.
    pairs: usize,
    stayed: Vec<f64>,
    lost: Vec<(u32, f64)>,
    gained: Vec<(u32, f64)>,
}

impl FlowTable {
    fn new(domains: usize) -> Self {
        FlowTable {
            domains,
            rows: vec![Vec::new(); domains],
            sparse: FxHashMap::default(),
            pairs: 0,
            stayed: vec![0.0; domains],
            lost: Vec::new(),
            gained: Vec::new(),
        }
    }

    fn add(&mut self, user: u32, p: &[(u32, f64)], q: &[(u32, f64)]) {
        let (mut lost, mut gained) = (std::mem::take(&mut self.lost), std::mem::take(&mut self.gained));
        lost.clear();
        gained.clear();
        for (domain, p, q) in paired(p, q) {
            self.stayed[domain as usize] += p.min(q);
            if p - q > ROUNDING {
                lost.push((domain, p - q));
            } else if q - p > ROUNDING {
                gained.push((domain, q - p));
            }
        }
        if self.domains > DENSE_DOMAINS {
            self.pairs = self.pairs.max(lost.len().saturating_mul(gained.len())).max(self.sparse.len());
            if self.pairs > PAIRS {
                return;
            }
        }
        let total: f64 = gained.iter().map(|&(_, mass)| mass).sum();
        for &(from, loss) in &lost {
            let scale = loss / total;
            if self.domains > DENSE_DOMAINS {
                for &(to, gain) in &gained {
                    self.sparse.entry((from, to)).or_default().add(user, scale * gain);
                }
                continue;
            }
            let row = &mut self.rows[from as usize];
            if row.is_empty() {
                row.resize(self.domains, Cell::default());
            }
            for &(to, gain) in &gained {
                row[to as usize].add(user, scale * gain);
            }
        }
        (self.lost, self.gained) = (lost, gained);
    }

    fn finish(self, log: &Log, top: usize, users: u32) -> Transfer {
        let cells = |(from, row)| (0u32..).zip(row).map(move |(to, &cell)| ((from, to), cell));
        let dense = (0u32..).zip(&self.rows).flat_map(cells);
        let sparse = self.sparse.iter().map(|(&pair, &cell)| (pair, cell));
        let mut flows: Vec<Flow> = dense
            .chain(sparse)
            .filter(|(_, cell)| cell.users > 0)
            .map(|((from, to), cell)| Flow { from, to, mass: cell.mass, users: cell.users })
            .collect();
        let order = |a: &Flow, b: &Flow| b.mass.total_cmp(&a.mass).then((a.from, a.to).cmp(&(b.from, b.to)));
        let mut rest = Vec::new();
        if top < flows.len() {
            flows.select_nth_unstable_by(top, order);
            rest = flows.split_off(top);
        }
        flows.order_by(order);
        let others = OtherFlows { mass: rest.iter().map(|flow| flow.mass).sum(), flows: rest.len() as u32 };
        let mut stayed: Vec<Stay> = (0u32..)
            .zip(&self.stayed)
            .filter(|&(_, &mass)| mass > 0.0)
            .map(|(domain, &mass)| Stay { domain, mass })
            .collect();
        stayed.order_by(|a, b| b.mass.total_cmp(&a.mass).then(a.domain.cmp(&b.domain)));
        let mut named: Vec<u32> = stayed.iter().map(|stay| stay.domain).collect();
        named.extend(flows.iter().flat_map(|flow| [flow.from, flow.to]));
        named.sort_unstable();
        named.dedup();
        let domains = named.into_iter().map(|id| DomainName { id, name: log.domains.name(id).to_owned() }).collect();
        Transfer { flows, stayed, domains, others, users }
    }
}

/// The domains of two sparse profiles with both values, by domain; 0 where one has none.
pub(crate) fn paired<'a>(p: &'a [(u32, f64)], q: &'a [(u32, f64)]) -> impl Iterator<Item = (u32, f64, f64)> + 'a {
    let (mut i, mut j) = (0, 0);
    std::iter::from_fn(move || {
        let (a, b) = (p.get(i), q.get(j));
        let domain = match (a, b) {
            (Some(a), Some(b)) => a.0.min(b.0),
            (Some(one), None) | (None, Some(one)) => one.0,
            (None, None) => return None,
        };
        let take = |at: &mut usize, entry: Option<&(u32, f64)>| match entry {
            Some(&(own, value)) if own == domain => {
                *at += 1;
                value
            }
            _ => 0.0,
        };
        Some((domain, take(&mut i, a), take(&mut j, b)))
    })
}
