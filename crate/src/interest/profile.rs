//! A user's interest profile in each window.

use super::{InterestOptions, Windows, scope::kind_weights};
use crate::{
    Result,
    event::{Log, NONE},
};

/// One user's interest in one window.
#[derive(Debug, Clone, Copy)]
pub struct Profile<'a> {
    /// Number of the window, in which the user is active.
    pub window: usize,
    /// Events in the window itself that have a domain.
    pub events: u32,
    /// Weight of all events behind the shares, faded as the half-life says.
    pub weight: f64,
    /// Domains with their shares, by domain id; shares are positive and sum to 1.
    pub shares: &'a [(u32, f64)],
}

/// Computes profiles user by user, in memory that does not grow with the number of users.
#[derive(Debug)]
pub struct Profiler<'a> {
    log: &'a Log,
    windows: &'a Windows,
    kind_weights: [f64; 256],
    decay: Option<f64>,
    /// Weight by domain; zero outside `touched`.
    weights: Vec<f64>,
    touched: Vec<u32>,
    shares: Vec<(u32, f64)>,
}

impl<'a> Profiler<'a> {
    /// A profiler for a sorted log.
    ///
    /// # Errors
    /// [`crate::Error::Parameter`] for an impossible half-life.
    pub fn new(log: &'a Log, windows: &'a Windows, options: &InterestOptions) -> Result<Profiler<'a>> {
        Ok(Profiler {
            log,
            windows,
            kind_weights: kind_weights(log, options),
            decay: options.decay()?,
            weights: vec![0.0; log.domains.len()],
            touched: Vec::new(),
            shares: Vec::new(),
        })
    }

    /// Calls `visit` with the user's profile in each *active* window, earliest first: each window in which an event with
    /// a domain and a positive weight lies. With a half-life of `h`, window `w` weighs `2^((v - w) / h)` in the profile
    /// of window `v`, for all `w <= v`.
    pub fn each(&mut self, user: u32, mut visit: impl FnMut(Profile<'_>)) {
        let mut open: Option<(usize, u32, bool)> = None;
        for event in self.log.slice(self.log.user_events(user)) {
            let domain = self.log.domain_of(&event);
            let Some(window) = self.windows.index_of(event.time).filter(|_| domain != NONE) else { continue };
            if open.is_none_or(|(current, ..)| current != window) {
                if let Some((current, events, active)) = open {
                    self.close(current, events, active, &mut visit);
                    self.age(window - current);
                }
                open = Some((window, 0, false));
            }
            let weight = self.kind_weights[usize::from(event.kind)];
            if let Some((_, events, active)) = &mut open {
                *events += 1;
                *active |= weight > 0.0;
            }
            let Some(slot) = self.weights.get_mut(domain as usize) else { continue };
            if weight > 0.0 {
                if *slot == 0.0 {
                    self.touched.push(domain);
                }
                *slot += weight;
            }
        }
        if let Some((current, events, active)) = open {
            self.close(current, events, active, &mut visit);
        }
        self.forget();
    }

    fn close(&mut self, window: usize, events: u32, active: bool, visit: &mut impl FnMut(Profile<'_>)) {
        if !active {
            return;
        }
        self.touched.sort_unstable();
        self.shares.clear();
        self.shares.extend(self.touched.iter().map(|&domain| (domain, self.weights[domain as usize])));
        let total: f64 = self.shares.iter().map(|&(_, weight)| weight).sum();
        for (_, weight) in &mut self.shares {
            *weight /= total;
        }
        visit(Profile { window, events, weight: total, shares: &self.shares });
    }

    /// Lets `windows` windows pass.
    fn age(&mut self, windows: usize) {
        let Some(decay) = self.decay else { return self.forget() };
        let factor = decay.powf(windows as f64);
        let weights = &mut self.weights;
        self.touched.retain(|&domain| {
            let weight = &mut weights[domain as usize];
            *weight *= factor;
            // Below this nothing can be seen any more, and a user's past would grow without end.
            let keep = *weight > 1e-9;
            if !keep {
                *weight = 0.0;
            }
            keep
        });
    }

    fn forget(&mut self) {
        for domain in self.touched.drain(..) {
            self.weights[domain as usize] = 0.0;
        }
    }
}
