//! Interest evolution: domain × window.

use driftscope_kernels::Order;
use serde::Serialize;

use super::{InterestOptions, Scope, Windows, scope::kind_weights};
use crate::{
    Error, Result,
    event::{Log, NONE},
};

/// Most cells of a domain × window matrix (two such matrices of 8 bytes a cell are made).
pub const MAX_CELLS: usize = 32_000_000;

/// The heat map.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evolution {
    /// The windows: the columns.
    pub windows: Windows,
    /// The domains in scope, by total weight, largest first: the rows.
    pub domains: Vec<DomainRow>,
    /// domains × windows, row-major: weighted events.
    pub weights: Vec<f64>,
    /// Number of events in each window, unweighted.
    pub events: Vec<f64>,
    /// Number of users with an event in each window.
    pub active_users: Vec<f64>,
    /// domains × windows, row-major: each weight divided by the sum of its window; 0 where that is 0.
    pub shares: Vec<f64>,
}

/// A row of the heat map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DomainRow {
    /// Id in [`Log::domains`].
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Number of events, unweighted.
    pub events: u32,
}

/// Weighs the events of `scope` by domain and window. With a half-life `h`, a window also holds what is left of those
/// before it: `W(d, v) = Σ_{w <= v} 2^((w - v) / h) n(d, w)`. Events whose item has no domain are left out.
///
/// # Errors
/// As [`Windows::of_log`] and [`Scope::users`]; [`Error::Parameter`] for more than [`MAX_CELLS`] cells.
pub fn evolution(log: &Log, scope: &Scope, options: &InterestOptions) -> Result<Evolution> {
    let users = scope.users(log)?;
    let windows = Windows::of_log(log, &options.window)?;
    let decay = options.decay()?;
    let kind_weights = kind_weights(log, options);
    let mut totals = vec![(0.0f64, 0u32); log.domains.len()];
    for &user in &users {
        for event in log.slice(log.user_events(user)) {
            if let Some((weight, events)) = totals.get_mut(log.domain_of(&event) as usize) {
                *weight += kind_weights[usize::from(event.kind)];
                *events += 1;
            }
        }
    }
    let mut order: Vec<u32> = (0..totals.len() as u32).filter(|&domain| totals[domain as usize].1 > 0).collect();
    order.order_by(|&a, &b| totals[b as usize].0.total_cmp(&totals[a as usize].0).then(a.cmp(&b)));
    let count = windows.len();
    if order.len().saturating_mul(count) > MAX_CELLS {
        return Err(Error::Parameter {
            name: "window length",
            hint: format!(
                "{} domains × {count} windows are more than {MAX_CELLS} cells: choose longer windows",
                order.len()
            ),
        });
    }
    let mut row_of = vec![NONE; totals.len()];
    for (row, &domain) in order.iter().enumerate() {
        row_of[domain as usize] = row as u32;
    }
    let mut weights = vec![0.0; order.len() * count];
    let (mut events, mut active_users) = (vec![0.0; count], vec![0.0; count]);
    for &user in &users {
        let mut last = None;
        for event in log.slice(log.user_events(user)) {
            let domain = log.domain_of(&event);
            let Some(window) = windows.index_of(event.time).filter(|_| domain != NONE) else { continue };
            let Some(&row) = row_of.get(domain as usize) else { continue };
            weights[row as usize * count + window] += kind_weights[usize::from(event.kind)];
            events[window] += 1.0;
            if last != Some(window) {
                active_users[window] += 1.0;
                last = Some(window);
            }
        }
    }
    if let Some(decay) = decay {
        for row in weights.chunks_exact_mut(count) {
            for window in 1..count {
                row[window] += decay * row[window - 1];
            }
        }
    }
    let shares = shares(&weights, count);
    let domains =
        order.iter().map(|&id| DomainRow { id, name: log.domains.name(id).to_owned(), events: totals[id as usize].1 });
    Ok(Evolution { domains: domains.collect(), windows, weights, events, active_users, shares })
}

fn shares(weights: &[f64], windows: usize) -> Vec<f64> {
    let mut sums = vec![0.0; windows];
    for row in weights.chunks_exact(windows) {
        row.iter().zip(&mut sums).for_each(|(weight, sum)| *sum += weight);
    }
    let share = |(index, &weight): (usize, &f64)| match sums[index % windows] {
        0.0 => 0.0,
        sum => weight / sum,
    };
    weights.iter().enumerate().map(share).collect()
}
