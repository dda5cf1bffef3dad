//! What is known about a user before a window.

use crate::{
    event::Log,
    graph::Csr,
    training::{History, Prior, prior::decayed},
};

use super::{Mixture, own_shares};

/// Events that the crowd counts for beside what followed a domain.
const SMOOTHING: f64 = 5.0;

/// The distributions of one user.
#[derive(Debug)]
pub(super) struct Parts {
    own: Vec<(u32, f64)>,
    crowd: Vec<f64>,
    pub platform: Option<Vec<f64>>,
    pub paths: Option<Vec<f64>>,
    pub friends: Option<Vec<f64>>,
}

impl Parts {
    /// The mixture, which sums to 1.
    pub fn shares(&self, weight: f64, mixture: &Mixture) -> Vec<f64> {
        let parts =
            [(mixture.platform, &self.platform), (mixture.paths, &self.paths), (mixture.friends, &self.friends)];
        let there = || parts.iter().filter_map(|(share, part)| Some((*share, part.as_ref()?)));
        let rest = 1.0 - there().map(|(share, _)| share).sum::<f64>();
        let mut out: Vec<f64> = self.crowd.iter().map(|share| weight * rest * share).collect();
        for (share, part) in there().filter(|(share, _)| *share > 0.0) {
            for (slot, value) in out.iter_mut().zip(part) {
                *slot += weight * share * value;
            }
        }
        for &(domain, events) in &self.own {
            if let Some(slot) = out.get_mut(domain as usize) {
                *slot += events;
            }
        }
        let total: f64 = out.iter().sum();
        out.iter_mut().for_each(|share| *share /= total);
        out
    }
}

/// What everyone did before the window that was asked for last.
#[derive(Debug)]
pub(super) struct Known<'a> {
    log: &'a Log,
    history: &'a History,
    prior: &'a Prior,
    /// Each user's friends, in both directions.
    friends: Option<Csr>,
    crowd: Option<Crowd>,
}

#[derive(Debug)]
struct Crowd {
    window: usize,
    background: Vec<f64>,
    /// Shares by platform; none where the log has one platform only.
    platforms: Vec<Vec<f64>>,
    /// Domains × domains: what followed, in events; and the sums of its rows.
    paths: Csr,
    followed: Vec<f32>,
}

impl<'a> Known<'a> {
    pub fn new(log: &'a Log, history: &'a History, prior: &'a Prior, social: bool) -> Known<'a> {
        let users = log.users.len();
        let both = log.edges.iter().flat_map(|&(a, b)| [(a, b, 1.0), (b, a, 1.0)]);
        let inside = both.filter(|&(a, b, _)| (a as usize) < users && (b as usize) < users).collect();
        let friends = (social && !log.edges.is_empty()).then(|| Csr::from_triplets(users, users, inside));
        Known { log, history, prior, friends, crowd: None }
    }

    pub fn parts(&mut self, user: u32, window: usize) -> Parts {
        let (log, history, prior) = (self.log, self.history, self.prior);
        let crowd = match self.crowd.take() {
            Some(crowd) if crowd.window == window => crowd,
            _ => Crowd::new(log, history, prior, window),
        };
        let start = history.windows().start(window);
        let last = log.slice(log.user_events(user)).take_while(|event| i64::from(event.time) < start).last();
        let platform = last.and_then(|event| crowd.platforms.get(usize::from(event.platform))).cloned();
        let own = own_shares(history, user, window, prior.half_life);
        let paths = (!own.is_empty()).then(|| crowd.paths_from(&own));
        let friends = self.friends.as_ref().and_then(|friends| {
            let mut sum = vec![0.0; history.domains()];
            let mut count = 0.0;
            for (friend, _) in friends.entries(user as usize) {
                let profile = own_shares(history, friend, window, prior.half_life);
                count += f64::from(u8::from(!profile.is_empty()));
                for (domain, share) in profile {
                    if let Some(slot) = sum.get_mut(domain as usize) {
                        *slot += share;
                    }
                }
            }
            sum.iter_mut().for_each(|share| *share /= count);
            (count > 0.0).then_some(sum)
        });
        let own = decayed(history, user, window, prior.half_life);
        let parts = Parts { own, crowd: crowd.background.clone(), platform, paths, friends };
        self.crowd = Some(crowd);
        parts
    }
}

impl Crowd {
    fn new(log: &Log, history: &History, prior: &Prior, window: usize) -> Crowd {
        let domains = history.domains();
        let background = prior.background(history, window);
        let mut platforms = Vec::new();
        if log.platforms.len() > 2 {
            // Number 0 is the unnamed one: it says nothing.
            platforms =
                vec![background.iter().map(|share| share * SMOOTHING).collect::<Vec<f64>>(); log.platforms.len()];
            let start = history.windows().start(window);
            for event in log.iter().filter(|event| i64::from(event.time) < start) {
                let slot = platforms.get_mut(usize::from(event.platform));
                if let Some(slot) = slot.and_then(|shares| shares.get_mut(log.domain_of(&event) as usize)) {
                    *slot += 1.0;
                }
            }
            for shares in &mut platforms {
                let total: f64 = shares.iter().sum();
                shares.iter_mut().for_each(|share| *share /= total);
            }
        }
        let mut steps = Vec::new();
        for user in 0..history.users() as u32 {
            let groups: Vec<_> = history.past(user, window).chunk_by(|a, b| a.window == b.window).collect();
            for pair in groups.windows(2) {
                let [from, to] = pair else { continue };
                let total: u32 = from.iter().map(|cell| cell.events).sum();
                for a in *from {
                    let share = a.events as f32 / total as f32;
                    steps.extend(to.iter().map(|b| (a.domain, b.domain, share * b.events as f32)));
                }
            }
        }
        let paths = Csr::from_triplets(domains, domains, steps);
        let followed = paths.row_sums();
        Crowd { window, background, platforms, paths, followed }
    }

    /// Σ_d e(d) · P(c | d).
    fn paths_from(&self, own: &[(u32, f64)]) -> Vec<f64> {
        let mut out = vec![0.0; self.background.len()];
        let mut crowd = 0.0;
        for &(domain, share) in own {
            let followed = self.followed.get(domain as usize).map_or(0.0, |&sum| f64::from(sum));
            let scale = share / (followed + SMOOTHING);
            crowd += scale * SMOOTHING;
            for (next, events) in self.paths.entries(domain as usize) {
                if let Some(slot) = out.get_mut(next as usize) {
                    *slot += scale * f64::from(events);
                }
            }
        }
        for (slot, share) in out.iter_mut().zip(&self.background) {
            *slot += crowd * share;
        }
        out
    }
}
