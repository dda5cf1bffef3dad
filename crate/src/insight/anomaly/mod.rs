//! Odd users: machines, bursts as of fraud, jumps as of an account taken over; each with its reasons.
//!
//! A user is compared with all others on four signs, each on a logarithmic scale or one like it. The modified z-score
//! (Iglewicz & Hoaglin 1993) `0.6745 (x − median) / MAD` does not mind the odd ones among the others; 3.5 is their
//! threshold. The score of a user is that of his strongest sign.

mod features;

use driftscope_kernels::Order;
use serde::{Deserialize, Serialize};

use self::features::{Observations, observe};
use super::watch;
use crate::{Result, event::Log, interest::Scope, training::Observer};

/// Modified z-score from which on a sign is a reason.
const ODD: f64 = 3.5;
/// Least median absolute deviation, on the signs' logarithmic scales: where all are alike, a factor of 1.1 is not odd.
const LEAST_DEVIATION: f64 = 0.1;
/// Events that are looked at before messages are let in.
const PACE: usize = 50_000;

/// What may be odd about a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Sign {
    /// Many events within a minute: a machine.
    Minute,
    /// Many events within an hour: a burst.
    Hour,
    /// Even gaps between events: a machine.
    Regularity,
    /// A large visit to other domains than all others: another person at the account.
    Jump,
}

impl Sign {
    /// All signs.
    pub const ALL: [Sign; 4] = [Sign::Minute, Sign::Hour, Sign::Regularity, Sign::Jump];
}

/// Odd users of a log (`Anomalies` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Anomalies {
    /// Users with a reason, oddest first.
    pub users: Vec<OddUser>,
    /// Number of users with a reason, listed or not.
    pub found: u32,
    /// Number of users looked at.
    pub looked_at: u32,
}

/// A user who is unlike the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OddUser {
    /// Id of the user.
    pub id: u32,
    /// Name of the user.
    pub name: String,
    /// Modified z-score of the strongest reason.
    pub score: f64,
    /// Why, strongest first.
    pub reasons: Vec<Reason>,
}

/// One reason.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// What is odd.
    pub sign: Sign,
    /// Events in the busiest minute or hour; mean gap in standard deviations; Jensen–Shannon distance of the visit to the
    /// user's others, 0 to 1.
    pub value: f64,
    /// Median of all users.
    pub usual: f64,
    /// Modified z-score.
    pub score: f64,
    /// Unix seconds of when it began; `None` where it holds for all of the user's time.
    pub time: Option<u32>,
}

/// The `top` oddest users of a log. O(events).
///
/// # Errors
/// [`crate::Error::State`] for a log that is not sorted; [`crate::Error::Cancelled`].
pub async fn anomalies(log: &Log, top: usize, observer: &mut impl Observer) -> Result<Anomalies> {
    let users = Scope::Everyone.users(log)?;
    let mut observed: Vec<(u32, Observations)> = Vec::new();
    let mut seen = 0;
    for &user in &users {
        let events = log.user_events(user).len();
        if events > 0 {
            observed.push((user, observe(log, user)));
        }
        seen += events;
        if seen >= PACE {
            seen = 0;
            watch::step(observer, (user as usize, users.len())).await?;
        }
    }
    let usual = Sign::ALL.map(|sign| Usual::new(&observed, sign));
    let mut odd: Vec<OddUser> = observed.iter().filter_map(|one| odd_user(log, one, &usual)).collect();
    odd.order_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    let found = odd.len() as u32;
    odd.truncate(top);
    Ok(Anomalies { users: odd, found, looked_at: observed.len() as u32 })
}

/// What is usual of one sign.
struct Usual {
    middle: f64,
    deviation: f64,
    value: f64,
}

impl Usual {
    fn new(observed: &[(u32, Observations)], sign: Sign) -> Usual {
        let own = observed.iter().filter_map(|(_, own)| own[sign as usize]);
        let (scaled, values): (Vec<f64>, Vec<f64>) = own.map(|one| (one.scaled, one.value)).unzip();
        let middle = median(scaled.clone());
        let deviation = median(scaled.into_iter().map(|value| (value - middle).abs()).collect());
        Usual { middle, deviation: deviation.max(LEAST_DEVIATION), value: median(values) }
    }
}

fn odd_user(log: &Log, (id, observed): &(u32, Observations), usual: &[Usual]) -> Option<OddUser> {
    let mut reasons: Vec<Reason> = Sign::ALL
        .into_iter()
        .zip(observed)
        .zip(usual)
        .filter_map(|((sign, own), usual)| {
            let own = (*own)?;
            let score = 0.6745 * (own.scaled - usual.middle) / usual.deviation;
            (score > ODD).then_some(Reason { sign, value: own.value, usual: usual.value, score, time: own.time })
        })
        .collect();
    reasons.order_by(|a, b| b.score.total_cmp(&a.score));
    let score = reasons.first()?.score;
    Some(OddUser { id: *id, name: log.users.name(*id).to_owned(), score, reasons })
}

/// The upper median; 0 of nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests;
