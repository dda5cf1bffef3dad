//! The users whose interest is most like one user's.

use driftscope_kernels::Order;
use serde::Serialize;

use super::{
    InterestOptions, Scope, UserRow, Windows, jensen_shannon, scope::kind_weights, transfer::paired, users::user_row,
};
use crate::{
    Result,
    event::{Log, NONE},
};

/// Most domains in common that are named for a neighbour.
const SHARED: usize = 3;

/// A user like another.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NearUser {
    /// Who it is.
    #[serde(flatten)]
    pub user: UserRow,
    /// Jensen–Shannon distance of the two profiles, 0 to 1.
    pub distance: f64,
    /// The domains that most of the overlap lies in, largest first.
    pub shared: Vec<SharedDomain>,
}

/// A domain that two users have in common.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedDomain {
    /// Its name.
    pub name: String,
    /// Its share of the user's own profile.
    pub own: f64,
    /// Its share of the neighbour's profile.
    pub theirs: f64,
}

/// The `limit` users whose profile over the whole log is nearest to the user's, by Jensen–Shannon distance; equally near
/// ones by number of events, most first, then by id. Users with no domain in common are left out. With a half-life, the
/// profile is what is left of it in the last window. O(events) time.
///
/// # Errors
/// As [`Windows::of_log`] and [`Scope::users`]; [`crate::Error::Parameter`] for an impossible half-life.
pub fn nearest_users(log: &Log, user: u32, options: &InterestOptions, limit: usize) -> Result<Vec<NearUser>> {
    Scope::User { user }.users(log)?;
    let windows = Windows::of_log(log, &options.window)?;
    let mut whole = WholeProfiles {
        log,
        windows: &windows,
        kind_weights: kind_weights(log, options),
        decay: options.decay()?,
        weights: vec![0.0; log.domains.len()],
        touched: Vec::new(),
    };
    let (mut own, mut theirs) = (Vec::new(), Vec::new());
    whole.profile(user, &mut own);
    let mut found: Vec<(f64, u32, u32)> = Vec::new();
    for other in (0..log.users.len() as u32).filter(|&other| other != user && !own.is_empty()) {
        whole.profile(other, &mut theirs);
        let distance = jensen_shannon(&own, &theirs);
        if !theirs.is_empty() && distance < 1.0 {
            found.push((distance, log.user_events(other).len() as u32, other));
        }
    }
    let order = |a: &(f64, u32, u32), b: &(f64, u32, u32)| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2));
    if limit < found.len() {
        found.select_nth_unstable_by(limit, order);
        found.truncate(limit);
    }
    found.order_by(order);
    let near = found.into_iter().map(|(distance, events, other)| {
        whole.profile(other, &mut theirs);
        let mut shared: Vec<(u32, f64, f64)> =
            paired(&own, &theirs).filter(|&(_, own, theirs)| own > 0.0 && theirs > 0.0).collect();
        shared.order_by(|a, b| b.1.min(b.2).total_cmp(&a.1.min(a.2)).then(a.0.cmp(&b.0)));
        shared.truncate(SHARED);
        let named = |(domain, own, theirs)| SharedDomain { name: log.domains.name(domain).to_owned(), own, theirs };
        NearUser { user: user_row(log, other, events), distance, shared: shared.into_iter().map(named).collect() }
    });
    Ok(near.collect())
}

/// Profiles over all windows together, one user at a time.
struct WholeProfiles<'a> {
    log: &'a Log,
    windows: &'a Windows,
    kind_weights: [f64; 256],
    decay: Option<f64>,
    /// Weight by domain; zero between two calls.
    weights: Vec<f64>,
    touched: Vec<u32>,
}

impl WholeProfiles<'_> {
    /// Writes the user's domains with their shares, by domain; none where nothing weighs.
    fn profile(&mut self, user: u32, shares: &mut Vec<(u32, f64)>) {
        shares.clear();
        let last = self.windows.len().saturating_sub(1);
        for event in self.log.slice(self.log.user_events(user)) {
            let domain = self.log.domain_of(&event);
            let Some(window) = self.windows.index_of(event.time).filter(|_| domain != NONE) else { continue };
            let faded = self.decay.map_or(1.0, |decay| decay.powf((last - window) as f64));
            let weight = self.kind_weights[usize::from(event.kind)] * faded;
            let Some(slot) = self.weights.get_mut(domain as usize) else { continue };
            if weight > 0.0 {
                if *slot == 0.0 {
                    self.touched.push(domain);
                }
                *slot += weight;
            }
        }
        self.touched.sort_unstable();
        for domain in self.touched.drain(..) {
            if let Some(slot) = self.weights.get_mut(domain as usize) {
                shares.push((domain, std::mem::take(slot)));
            }
        }
        let total: f64 = shares.iter().map(|&(_, weight)| weight).sum();
        shares.iter_mut().for_each(|(_, weight)| *weight /= total);
    }
}
