//! The graph as it stood just before a window: touched (user, domain) pairs with their state, who resembles whom, and
//! where interest goes.

use std::collections::BTreeMap;

use super::GraphOptions;
use crate::{
    Error, Result,
    event::Log,
    graph::{Csr, Resemblance, Transitions, neighbours, social, touched},
    training::{Cell, History, Observer, TrainingProgress, prior::decayed},
};

/// Numbers of a touched pair: shares of the user's events at three half-lives and in the last window, the root of a
/// share, a count, whether the pair is new, and 1.
const STATE: usize = 8;
/// Half-lives of the shares, in windows.
const HALF_LIVES: [f64; 3] = [0.5, 2.0, 8.0];
/// The numbers that the first hop sums up: the shares, and whether the pair was touched.
const SUMMED: [usize; 5] = [0, 1, 2, 3, 7];
/// Neighbours that the first hop sums over, and those that send messages in the second.
const NEAR: usize = 10;
/// Domains that a domain leads to, at most, in the first hop; those that lead to it, in the second.
const LEADS: usize = 64;
const LED: usize = 16;
/// Domains of a profile that count as the origin of a transition: the largest.
const ORIGINS: usize = 20;
/// Smallest share that a logarithm tells from none.
const FLOOR: f32 = 1e-4;

/// The graph before one window.
#[derive(Debug)]
pub(super) struct Snapshot {
    domains: usize,
    /// Offsets of each user's pairs, one more than users.
    starts: Vec<u32>,
    /// Domain of each pair, ascending for each user.
    domain: Vec<u32>,
    /// pairs × [`node_width`]: a pair's state, then its first hop.
    nodes: Vec<f32>,
    width: usize,
    /// Row-normalised user × user matrix of each relation between users, for the first hop and for the second.
    wide: Vec<Csr>,
    near: Vec<Csr>,
    /// Row-normalised: where interest in the row's domain goes, and where interest in it comes from.
    leads: Csr,
    led: Csr,
}

/// Numbers of the first hop of a pair: a few for each relation.
pub(super) fn hop_width(options: &GraphOptions) -> usize {
    options.relations() * SUMMED.len()
}

/// Numbers of a node.
pub(super) fn node_width(options: &GraphOptions) -> usize {
    STATE + hop_width(options)
}

/// Sums of the first hop, by domain; all zero between users.
#[derive(Debug)]
pub(super) struct Sums {
    values: Vec<f32>,
    width: usize,
    dirty: Vec<bool>,
    filled: Vec<u32>,
}

impl Sums {
    fn new(domains: usize, width: usize) -> Sums {
        Sums { values: vec![0.0; domains * width], width, dirty: vec![false; domains], filled: Vec::new() }
    }

    fn add(&mut self, domain: u32, relation: usize, weight: f32, state: &[f32]) {
        if !std::mem::replace(&mut self.dirty[domain as usize], true) {
            self.filled.push(domain);
        }
        let start = domain as usize * self.width + relation * SUMMED.len();
        for (slot, &index) in self.values[start..start + SUMMED.len()].iter_mut().zip(&SUMMED) {
            *slot += weight * state[index];
        }
    }

    /// Appends a domain's sums, shares as logarithms.
    pub fn append(&self, domain: u32, out: &mut Vec<f32>) {
        let start = domain as usize * self.width;
        for some in self.values[start..start + self.width].chunks(SUMMED.len()) {
            let (touched, shares) = some.split_last().unwrap_or((&0.0, &[]));
            out.extend(shares.iter().map(|&share| libm::logf(share + FLOOR)));
            out.push(*touched);
        }
    }

    fn clear(&mut self) {
        for domain in self.filled.drain(..) {
            let start = domain as usize * self.width;
            self.values[start..start + self.width].fill(0.0);
            self.dirty[domain as usize] = false;
        }
    }
}

impl Snapshot {
    /// Pairs of a user: their numbers.
    pub fn pairs(&self, user: u32) -> std::ops::Range<usize> {
        match (self.starts.get(user as usize), self.starts.get(user as usize + 1)) {
            (Some(&start), Some(&end)) => start as usize..end as usize,
            _ => 0..0,
        }
    }

    /// Domain of a pair.
    pub fn domain(&self, pair: usize) -> u32 {
        self.domain[pair]
    }

    /// Numbers of a node, [`node_width`] of them.
    pub fn node(&self, pair: usize) -> &[f32] {
        &self.nodes[pair * self.width..(pair + 1) * self.width]
    }

    /// Relations between users, row-normalised.
    pub fn near(&self) -> &[Csr] {
        &self.near
    }

    /// The domains that lead to the row's domain, row-normalised.
    pub fn led(&self) -> &Csr {
        &self.led
    }

    pub fn sums(&self) -> Sums {
        Sums::new(self.domains, self.width - STATE)
    }

    /// Fills `sums` with the first hop of all pairs of a user, touched or not, in place of what it held.
    pub fn first_hop(&self, user: u32, sums: &mut Sums) {
        sums.clear();
        for (relation, edges) in self.wide.iter().enumerate() {
            for (other, weight) in edges.entries(user as usize) {
                for pair in self.pairs(other) {
                    sums.add(self.domain[pair], relation, weight, &self.nodes[pair * self.width..][..STATE]);
                }
            }
        }
        for pair in self.pairs(user) {
            for (domain, weight) in self.leads.entries(self.domain[pair] as usize) {
                sums.add(domain, self.wide.len(), weight, &self.nodes[pair * self.width..][..STATE]);
            }
        }
    }
}

/// The graphs before some windows.
#[derive(Debug)]
pub(super) struct Snapshots(BTreeMap<usize, Snapshot>);

impl Snapshots {
    /// Builds the graphs that requests (user, window) need, each from what lies before its window.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub async fn build(
        (log, history): (&Log, &History),
        requests: impl Iterator<Item = (u32, usize)>,
        options: &GraphOptions,
        observer: &mut impl Observer,
    ) -> Result<Snapshots> {
        let mut wanted: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (user, window) in requests {
            wanted.entry(window).or_default().push(user);
        }
        let mut out = BTreeMap::new();
        let mut transitions = Transitions::new(history.domains());
        let mut next = 0;
        let total = wanted.len();
        for (done, (window, users)) in wanted.into_iter().enumerate() {
            for window in next..window {
                add_transitions(history, window, &mut transitions);
            }
            next = window;
            out.insert(window, snapshot((log, history), window, &users, transitions.matrix(), options));
            observer.progress(TrainingProgress { stage: "features", model: None, done, total, point: None });
            observer.pause().await;
            if observer.cancelled() {
                return Err(Error::Cancelled);
            }
        }
        Ok(Snapshots(out))
    }

    /// The graph before `window`.
    ///
    /// # Errors
    /// [`Error::State`] where it was not asked for.
    pub fn get(&self, window: usize) -> Result<&Snapshot> {
        let missing = || Error::State { hint: format!("no graph was built for window {window}") };
        self.0.get(&window).ok_or_else(missing)
    }
}

/// Adds the steps of all users into a window: from what they did before to what they did in it.
fn add_transitions(history: &History, window: usize, transitions: &mut Transitions) {
    for user in 0..history.users() as u32 {
        let all = history.past(user, window + 1);
        let before = all.partition_point(|cell| (cell.window as usize) < window);
        let now = &all[before..];
        if before == 0 || now.is_empty() {
            continue;
        }
        let mut profile = merged(decayed(history, user, window, HALF_LIVES[1]));
        profile.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        profile.truncate(ORIGINS);
        let total: f64 = profile.iter().map(|entry| entry.1).sum();
        let profile: Vec<(u32, f32)> = profile.iter().map(|&(domain, sum)| (domain, (sum / total) as f32)).collect();
        let events: u32 = now.iter().map(|cell| cell.events).sum();
        let next: Vec<(u32, f32)> = now.iter().map(|cell| (cell.domain, cell.events as f32 / events as f32)).collect();
        transitions.add(&profile, &next);
    }
}

/// Sums of entries of the same domain, by domain.
fn merged(mut entries: Vec<(u32, f64)>) -> Vec<(u32, f64)> {
    entries.sort_by_key(|&(domain, _)| domain);
    entries.chunk_by(|a, b| a.0 == b.0).map(|same| (same[0].0, same.iter().map(|entry| entry.1).sum())).collect()
}

fn snapshot(
    (log, history): (&Log, &History),
    window: usize,
    users: &[u32],
    transitions: &Csr,
    options: &GraphOptions,
) -> Snapshot {
    let recent = window.saturating_sub(options.recent);
    let eligible: Vec<bool> = (0..history.users() as u32)
        .map(|user| history.past(user, window).last().is_some_and(|cell| cell.window as usize >= recent))
        .collect();
    let mut wanted = eligible.clone();
    for &user in users {
        if let Some(slot) = wanted.get_mut(user as usize) {
            *slot = true;
        }
    }
    let mut out = states(history, window, &wanted, node_width(options));
    let end = history.windows().start(window);
    let step = (history.windows().end(0) - history.windows().start(0)) as f64;
    let domains = history.domains();
    let by_item =
        touched(log, end, options.item_half_life * step, log.items.len(), |event| Some(log.items.base(event.item)));
    let items = Resemblance { neighbours: options.neighbours, power: options.item_power, budget: options.budget };
    out.wide.push(neighbours(&by_item, &wanted, &eligible, &items));
    let by_domain = touched(log, end, options.domain_half_life * step, domains, |event| {
        let domain = log.domain_of(event);
        (domain != crate::event::NONE).then_some(domain)
    });
    let alike = Resemblance { power: options.domain_power, ..items };
    out.wide.push(neighbours(&by_domain, &wanted, &eligible, &alike));
    if options.social {
        out.wide.push(social(log, &wanted, &eligible).top(options.neighbours).normalised_rows());
    }
    out.near = out.wide.iter().map(|edges| edges.top(NEAR).normalised_rows()).collect();
    out.leads = transitions.normalised_rows().top(LEADS);
    out.led = transitions.normalised_symmetric().transpose().top(LED).normalised_rows();
    let mut sums = out.sums();
    let mut hop = Vec::new();
    for user in 0..history.users() as u32 {
        if out.pairs(user).is_empty() {
            continue;
        }
        out.first_hop(user, &mut sums);
        for pair in out.pairs(user) {
            hop.clear();
            sums.append(out.domain[pair], &mut hop);
            out.nodes[pair * out.width + STATE..(pair + 1) * out.width].copy_from_slice(&hop);
        }
    }
    out
}

/// A snapshot with the states of the wanted users' pairs, and no edges yet.
fn states(history: &History, window: usize, wanted: &[bool], width: usize) -> Snapshot {
    let none = Csr::default();
    let mut out = Snapshot {
        domains: history.domains(),
        starts: vec![0],
        domain: Vec::new(),
        nodes: Vec::new(),
        width,
        wide: Vec::new(),
        near: Vec::new(),
        leads: none.clone(),
        led: none,
    };
    for (user, &wanted) in wanted.iter().enumerate() {
        if wanted {
            append_states(history.past(user as u32, window), window, &mut out);
        }
        out.starts.push(out.domain.len() as u32);
    }
    out
}

fn append_states(past: &[Cell], window: usize, out: &mut Snapshot) {
    let mut cells: Vec<(u32, u32, f32)> =
        past.iter().map(|cell| (cell.domain, cell.window, cell.events as f32)).collect();
    cells.sort_unstable_by_key(|&(domain, window, _)| (domain, window));
    let weights = |age: f64| HALF_LIVES.map(|half_life| libm::exp2(-age / half_life) as f32);
    let age = |then: u32| (window - 1 - then as usize) as f64;
    let mut totals = [0.0_f32; 4];
    for &(_, then, events) in &cells {
        for (total, weight) in totals.iter_mut().zip(weights(age(then))) {
            *total += weight * events;
        }
        if then as usize + 1 == window {
            totals[3] += events;
        }
    }
    for same in cells.chunk_by(|a, b| a.0 == b.0) {
        let mut own = [0.0_f32; 4];
        for &(_, then, events) in same {
            for (sum, weight) in own.iter_mut().zip(weights(age(then))) {
                *sum += weight * events;
            }
            if then as usize + 1 == window {
                own[3] += events;
            }
        }
        let share = |index: usize| if totals[index] > 0.0 { own[index] / totals[index] } else { 0.0 };
        let new = f32::from(u8::from(same[0].1 as usize + 1 == window));
        let state = [share(0), share(1), share(2), share(3), share(1).sqrt(), libm::log1pf(own[1]) / 4.0, new, 1.0];
        out.domain.push(same[0].0);
        out.nodes.extend(state);
        out.nodes.resize(out.domain.len() * out.width, 0.0);
    }
}
