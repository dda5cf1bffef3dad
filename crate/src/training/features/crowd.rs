//! What everyone did before a window: who resembles a user, where interest goes next, and how faithful people are to a
//! domain. Strictly from the past of the window, for train windows too.

use super::super::{Cell, History, history::label, prior::decayed};
use crate::{
    event::{Log, NONE},
    graph::Csr,
};

/// Neighbours that speak for a user.
const NEIGHBOURS: usize = 50;
/// Transitions of so many windows back are counted.
const REACH_BACK: u32 = 16;
/// Entries of all windows' matrices together, at most (8 bytes each): users whose last event is oldest are left out.
const ENTRIES: usize = 24_000_000;
/// Events that a domain's or the whole log's rate counts for where there are few of its own.
const SMOOTHING: f64 = 3.0;

/// Everyone's past, seen from the start of one window.
#[derive(Debug)]
pub(super) struct Crowd {
    /// The users that can be neighbours, ascending: the rows below.
    users: Vec<u32>,
    /// users × domains: shares of the counts, halved every half-life of the prior.
    interests: Csr,
    /// domains × users: roots of those shares, and of shares that fade four times as fast.
    lasting: Csr,
    recent: Csr,
    /// Items that at least two of the users touched, ascending; items × users: idf weights, each user's of length 1.
    items: Vec<u32>,
    by_item: Csr,
    /// domains × domains: shares of one active window times shares of the next, added up.
    transitions: Csr,
    departures: Vec<f32>,
    /// By domain.
    pub domains: Vec<DomainPast>,
}

/// What the past says of one domain.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DomainPast {
    /// Share of all events.
    pub popularity: f64,
    /// Share of users that touched it.
    pub reach: f64,
    /// Share of its (user, window) pairs that came after an earlier one of the same user.
    pub repeat: f64,
    /// Share of users who, with this as their top domain, had it again in their next active window.
    pub keep: f64,
}

/// What the crowd says of a user: shares over all domains.
#[derive(Debug)]
pub struct Related {
    /// Interests of the users with the nearest profiles, of those with the nearest recent profiles, and of those who
    /// touched the same items; and where people with the user's interests went next.
    pub(super) shares: [Vec<f32>; Related::COUNT],
}

impl Related {
    pub(super) const COUNT: usize = 4;

    /// Shares of the users with the nearest profiles.
    pub fn by_profile(&self) -> &[f32] {
        &self.shares[0]
    }

    /// Shares of the users who touched the same items.
    pub fn by_item(&self) -> &[f32] {
        &self.shares[2]
    }
}

impl Crowd {
    /// The crowd before `window`. O(events before it + transitions).
    pub fn new(log: &Log, history: &History, half_life: f64, window: usize) -> Crowd {
        let users = select(log, history, window);
        let domains = history.domains();
        let profiles = |half_life: f64| {
            let mut entries = Vec::new();
            for (row, &user) in users.iter().enumerate() {
                entries.extend(profile(history, user, window, half_life).into_iter().map(|(d, s)| (row as u32, d, s)));
            }
            Csr::from_triplets(users.len(), domains, entries)
        };
        let roots = |shares: &Csr| shares.map(|_, _, share| share.sqrt()).transpose();
        let interests = profiles(half_life);
        let (lasting, recent) = (roots(&interests), roots(&profiles(half_life / RECENT)));
        let (items, by_item) = items(log, history, &users, window);
        let transitions = transitions(history, &users, window);
        let departures = transitions.row_sums();
        Crowd {
            domains: domain_pasts(history, window),
            users,
            interests,
            lasting,
            recent,
            items,
            by_item,
            transitions,
            departures,
        }
    }

    /// What the past says of the domains alone, and of no user.
    pub fn of_domains(history: &History, window: usize) -> Crowd {
        let none = Csr::default;
        Crowd {
            users: Vec::new(),
            interests: none(),
            lasting: none(),
            recent: none(),
            items: Vec::new(),
            by_item: none(),
            transitions: none(),
            departures: Vec::new(),
            domains: domain_pasts(history, window),
        }
    }

    /// What the crowd says of `user` in `window`, the one that it was made for.
    pub fn related(&self, log: &Log, history: &History, half_life: f64, user: u32, window: usize) -> Related {
        let own = profile(history, user, window, half_life);
        let now = profile(history, user, window, half_life / RECENT);
        let rooted = |profile: &[(u32, f32)]| profile.iter().map(|&(d, share)| (d, share.sqrt())).collect::<Vec<_>>();
        let held: Vec<(u32, f32)> = self.held(log, history, user, window);
        Related {
            shares: [
                self.speak(user, &self.lasting, &rooted(&own)),
                self.speak(user, &self.recent, &rooted(&now)),
                self.speak(user, &self.by_item, &held),
                self.next(&now),
            ],
        }
    }

    /// The user's items as places in `items`, with idf weights; each once.
    fn held(&self, log: &Log, history: &History, user: u32, window: usize) -> Vec<(u32, f32)> {
        let all = self.users.len() as f64;
        let places =
            touched(log, history, user, window).into_iter().filter_map(|item| self.items.binary_search(&item).ok());
        places.map(|place| (place as u32, idf(all, self.by_item.row(place).0.len()))).collect()
    }

    /// Interests of the users whose columns are nearest to `query`, weighted by cosine⁴ (users who are only a little
    /// alike say little); the popularity where there are none.
    fn speak(&self, user: u32, index: &Csr, query: &[(u32, f32)]) -> Vec<f32> {
        let length = query.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
        let mut similarity = vec![0.0_f32; self.users.len()];
        for &(key, value) in query {
            for (row, theirs) in index.entries(key as usize) {
                similarity[row as usize] += value * theirs;
            }
        }
        if let Ok(own) = self.users.binary_search(&user) {
            similarity[own] = 0.0;
        }
        let mut near: Vec<(u32, f32)> =
            similarity.iter().enumerate().filter(|(_, s)| **s > 0.0).map(|(row, &s)| (row as u32, s)).collect();
        if near.len() > NEIGHBOURS {
            near.select_nth_unstable_by(NEIGHBOURS - 1, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            near.truncate(NEIGHBOURS);
            near.sort_unstable_by_key(|&(row, _)| row);
        }
        let mut shares = vec![0.0_f32; self.domains.len()];
        let mut total = 0.0;
        for (row, similarity) in near {
            let cosine = similarity / length;
            let weight = cosine * cosine * cosine * cosine;
            total += weight;
            for (domain, share) in self.interests.entries(row as usize) {
                shares[domain as usize] += weight * share;
            }
        }
        if total > 0.0 {
            shares.iter_mut().for_each(|share| *share /= total);
            shares
        } else {
            self.domains.iter().map(|domain| domain.popularity as f32).collect()
        }
    }

    /// Where interest in the profile's domains went next: first-order transitions, backed off to the popularity.
    fn next(&self, profile: &[(u32, f32)]) -> Vec<f32> {
        let mut shares = vec![0.0_f32; self.domains.len()];
        let mut rest = if profile.is_empty() { 1.0 } else { 0.0 };
        for &(from, share) in profile {
            let all = self.departures.get(from as usize).copied().unwrap_or(0.0) + SMOOTHING as f32;
            rest += share * SMOOTHING as f32 / all;
            for (to, count) in self.transitions.entries(from as usize) {
                shares[to as usize] += share * count / all;
            }
        }
        for (share, domain) in shares.iter_mut().zip(&self.domains) {
            *share += rest * domain.popularity as f32;
        }
        shares
    }
}

/// How much faster the recent profile fades.
const RECENT: f64 = 4.0;

/// Users with a past before `window`; where there are too many entries, those whose last event is latest.
fn select(log: &Log, history: &History, window: usize) -> Vec<u32> {
    let start = history.windows().start(window);
    let mut users: Vec<(std::cmp::Reverse<u32>, u32, usize)> = Vec::new();
    for user in 0..history.users() as u32 {
        let range = log.user_events(user);
        let times = log.times().get(range).unwrap_or_default();
        let count = times.partition_point(|&time| i64::from(time) < start);
        if let Some(&last) = count.checked_sub(1).and_then(|index| times.get(index)) {
            users.push((std::cmp::Reverse(last), user, count));
        }
    }
    let mut left = ENTRIES / history.windows().len().max(1);
    if users.iter().map(|user| user.2).sum::<usize>() > left {
        users.sort_unstable();
        let within = users.iter().take_while(|user| {
            let fits = user.2 <= left;
            left = left.saturating_sub(user.2);
            fits
        });
        let count = within.count();
        users.truncate(count);
    }
    let mut users: Vec<u32> = users.into_iter().map(|user| user.1).collect();
    users.sort_unstable();
    users
}

/// Shares of the decayed counts, by domain, ascending; empty without a past.
fn profile(history: &History, user: u32, window: usize, half_life: f64) -> Vec<(u32, f32)> {
    let mut counts = decayed(history, user, window, half_life);
    counts.sort_by_key(|&(domain, _)| domain);
    let total: f64 = counts.iter().map(|count| count.1).sum();
    let same = counts.chunk_by(|a, b| a.0 == b.0);
    same.map(|cells| (cells[0].0, (cells.iter().map(|cell| cell.1).sum::<f64>() / total) as f32)).collect()
}

/// The items that a user touched before `window`, ascending, each once.
fn touched(log: &Log, history: &History, user: u32, window: usize) -> Vec<u32> {
    let start = history.windows().start(window);
    let past = log.slice(log.user_events(user)).take_while(|event| i64::from(event.time) < start);
    let mut items: Vec<u32> =
        past.filter(|event| log.domain_of(event) != NONE).map(|event| log.items.base(event.item)).collect();
    items.sort_unstable();
    items.dedup();
    items
}

/// ln(1 + users / users of the item): an item that few touched says more (Salton & Buckley 1988).
fn idf(users: f64, count: usize) -> f32 {
    libm::log1p(users / count.max(1) as f64) as f32
}

fn items(log: &Log, history: &History, users: &[u32], window: usize) -> (Vec<u32>, Csr) {
    let rows: Vec<Vec<u32>> = users.iter().map(|&user| touched(log, history, user, window)).collect();
    let mut all: Vec<u32> = rows.iter().flatten().copied().collect();
    all.sort_unstable();
    let shared: Vec<(u32, usize)> =
        all.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).map(|same| (same[0], same.len())).collect();
    let items: Vec<u32> = shared.iter().map(|item| item.0).collect();
    let mut entries = Vec::new();
    for (row, own) in rows.iter().enumerate() {
        let begin = entries.len();
        for place in own.iter().filter_map(|item| items.binary_search(item).ok()) {
            entries.push((row as u32, place as u32, idf(users.len() as f64, shared[place].1)));
        }
        let length = entries[begin..].iter().map(|entry| entry.2 * entry.2).sum::<f32>().sqrt();
        entries[begin..].iter_mut().for_each(|entry| entry.2 /= length);
    }
    let matrix = Csr::from_triplets(users.len(), items.len(), entries);
    (items, matrix.transpose())
}

/// Σ over users and pairs of consecutive active windows of the shares before, times the shares after.
fn transitions(history: &History, users: &[u32], window: usize) -> Csr {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let mut count = 0_u32;
    let earliest = (window as u32).saturating_sub(REACH_BACK);
    for &user in users {
        let groups: Vec<&[Cell]> = history.past(user, window).chunk_by(|a, b| a.window == b.window).collect();
        for pair in groups.windows(2).filter(|pair| pair[1][0].window >= earliest) {
            for (out, cells) in [(&mut before, pair[0]), (&mut after, pair[1])] {
                let total: f64 = cells.iter().map(|cell| f64::from(cell.events)).sum();
                out.extend(cells.iter().map(|cell| (count, cell.domain, (f64::from(cell.events) / total) as f32)));
            }
            count += 1;
        }
    }
    let domains = history.domains();
    let before = Csr::from_triplets(count as usize, domains, before).transpose();
    before.times(&Csr::from_triplets(count as usize, domains, after))
}

fn domain_pasts(history: &History, window: usize) -> Vec<DomainPast> {
    #[derive(Clone, Copy, Default)]
    struct Counts {
        users: f64,
        pairs: f64,
        again: f64,
        tops: f64,
        kept: f64,
    }
    let mut counts = vec![Counts::default(); history.domains()];
    let mut last = vec![u32::MAX; history.domains()];
    let mut active = 0.0;
    for user in 0..history.users() as u32 {
        let past = history.past(user, window);
        active += f64::from(u8::from(!past.is_empty()));
        let mut top = None;
        for group in past.chunk_by(|a, b| a.window == b.window) {
            for cell in group {
                let own = &mut counts[cell.domain as usize];
                let seen = std::mem::replace(&mut last[cell.domain as usize], user) == user;
                own.pairs += 1.0;
                *(if seen { &mut own.again } else { &mut own.users }) += 1.0;
            }
            let now = label(group);
            if let (Some(top), Some(now)) = (top, now) {
                let own: &mut Counts = &mut counts[top as usize];
                own.tops += 1.0;
                own.kept += f64::from(u8::from(top == now));
            }
            top = now;
        }
    }
    let sum = |of: fn(&Counts) -> f64| counts.iter().map(of).sum::<f64>();
    let (again, pairs, kept, tops) = (sum(|c| c.again), sum(|c| c.pairs), sum(|c| c.kept), sum(|c| c.tops));
    let events = history.sum(0..window);
    let total: u64 = events.iter().sum();
    // A rate of few is drawn towards the rate of all, so that a rare domain does not give itself away.
    let rate = |part: f64, whole: f64, mean: f64| (part + SMOOTHING * mean) / (whole + SMOOTHING);
    let (all_again, all_kept) = (again / pairs.max(1.0), kept / tops.max(1.0));
    let domain = |(own, &events): (&Counts, &u64)| DomainPast {
        popularity: events as f64 / total.max(1) as f64,
        reach: own.users / f64::max(active, 1.0),
        repeat: rate(own.again, own.pairs, all_again),
        keep: rate(own.kept, own.tops, all_kept),
    };
    counts.iter().zip(&events).map(domain).collect()
}
