//! Interest evolution in a form that may be published.

use rand::{CryptoRng, seq::SliceRandom};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{
    Cell, Ledger, Noise, PrivacyLoss, Ratio, Release, Spending, Totals,
    cells::{UserCell, each_users_cells},
    suppress,
};
use crate::{
    Error, Result,
    event::Log,
    interest::{InterestOptions, MAX_CELLS, OTHER, Scope, Windows},
};

/// Events by domain and window, of which nobody's stand out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnonymousEvolution {
    /// The windows: the columns.
    pub windows: Windows,
    /// Names of the domains, by number of events: the rows. Domains with fewer than k users stand together as [`OTHER`].
    pub domains: Vec<String>,
    /// domains × windows, row-major: number of events; NaN where hidden.
    pub events: Vec<f64>,
    /// Sums over windows; NaN where hidden or not asked for.
    pub domain_totals: Vec<f64>,
    /// Sums over domains; NaN where hidden or not asked for.
    pub window_totals: Vec<f64>,
    /// Number of cells hidden for having fewer than k users. For the person who exports, not for publication.
    pub few: usize,
    /// Number of cells hidden for giving another away.
    pub complements: usize,
    /// Number of domains under [`OTHER`].
    pub merged: usize,
}

/// Counts events by domain and window, and hides what fewer than `k` users stand behind (see [`suppress`]). Each event
/// counts 1, in its own window: half-life and weights of kinds would mix what was hidden into what is shown.
///
/// # Errors
/// As [`Windows::of_log`], [`Scope::users`] and [`suppress`]; [`Error::Parameter`] for more than [`MAX_CELLS`] cells.
pub fn anonymous_evolution(
    log: &Log,
    scope: &Scope,
    options: &InterestOptions,
    k: u32,
    totals: Totals,
) -> Result<AnonymousEvolution> {
    let mut of_domain = vec![(0u32, 0u64); log.domains.len()];
    let windows = each_users_cells(log, scope, options, |cells| {
        for same in cells.chunk_by(|a, b| a.domain == b.domain) {
            if let Some((users, events)) = same.first().and_then(|cell| of_domain.get_mut(cell.domain as usize)) {
                *users += 1;
                *events += same.iter().map(|cell| u64::from(cell.events)).sum::<u64>();
            }
        }
    })?;
    let mut order: Vec<u32> = (0..of_domain.len() as u32).filter(|&id| of_domain[id as usize].0 >= k).collect();
    order.sort_by_key(|&id| (std::cmp::Reverse(of_domain[id as usize].1), id));
    let merged = of_domain.iter().filter(|(users, _)| (1..k).contains(users)).count();
    let rows = order.len() + usize::from(merged > 0);
    let (columns, width) = (windows.len(), windows.len() + 1);
    checked_size(rows + 1, width)?;
    let mut row_of = vec![order.len(); of_domain.len()];
    for (row, &id) in order.iter().enumerate() {
        row_of[id as usize] = row;
    }
    let mut users = vec![0u32; (rows + 1) * width];
    let mut events = vec![0f64; users.len()];
    let mut touched: Vec<usize> = Vec::new();
    each_users_cells(log, scope, options, |cells| {
        touched.clear();
        for cell in cells {
            let Some(&row) = row_of.get(cell.domain as usize) else { continue };
            for (row, column) in [(row, cell.window), (row, columns), (rows, cell.window), (rows, columns)] {
                events[row * width + column] += f64::from(cell.events);
                touched.push(row * width + column);
            }
        }
        touched.sort_unstable();
        touched.dedup();
        touched.iter().for_each(|&index| users[index] += 1);
    })?;
    let decided = suppress(&users, columns, k, totals)?.cells;
    let shown = |index: usize| if decided[index] == Cell::Shown { events[index] } else { f64::NAN };
    let of_rows = |column: usize| (0..rows).map(move |row| row * width + column);
    Ok(AnonymousEvolution {
        events: (0..rows).flat_map(|row| (0..columns).map(move |column| row * width + column)).map(shown).collect(),
        domain_totals: of_rows(columns).map(shown).collect(),
        window_totals: (0..columns).map(|column| shown(rows * width + column)).collect(),
        few: decided.iter().filter(|&&cell| cell == Cell::Few).count(),
        complements: decided.iter().filter(|&&cell| cell == Cell::Complement).count(),
        domains: named(log, &order, merged > 0),
        merged,
        windows,
    })
}

fn named(log: &Log, order: &[u32], others: bool) -> Vec<String> {
    let names = order.iter().map(|&id| log.domains.name(id).to_owned());
    names.chain(others.then(|| OTHER.to_owned())).collect()
}

fn checked_size(rows: usize, columns: usize) -> Result<()> {
    if rows.saturating_mul(columns) > MAX_CELLS {
        return Err(Error::Parameter {
            name: "window length",
            hint: format!("{rows} domains × {columns} windows are more than {MAX_CELLS} cells: choose longer windows"),
        });
    }
    Ok(())
}

/// How much is given away, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateOptions {
    /// ε and δ of this release. δ = 0: Laplace noise; else Gaussian.
    pub loss: PrivacyLoss,
    /// To so many cells each user counts at most, drawn at random from the user's own. More keeps more, and adds more noise.
    pub cells_per_user: u32,
    /// Whether the list of domains is secret, too: then half of δ pays for leaving out cells with few users, and δ must be
    /// above 0. Else all domains of the log are listed, as those of a public catalogue.
    pub secret_domains: bool,
}

/// Users by domain and window, with noise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateEvolution {
    /// The windows: the columns.
    pub windows: Windows,
    /// Names of the domains in alphabetical order: the rows.
    pub domains: Vec<String>,
    /// domains × windows, row-major: number of users plus noise, which may be negative; NaN where left out.
    pub users: Vec<f64>,
    /// The noise.
    pub noise: Noise,
    /// With a chance of 95 % the noise of a cell is at most that.
    pub bound: f64,
    /// Cells below this were left out; 0 where none were.
    pub threshold: f64,
    /// Share of users' cells that did not count, for their users had more than `cells_per_user`. It is exact, without
    /// noise: for the person who exports, not for publication.
    pub uncounted: f64,
}

/// Counts the users of each domain in each window, with (ε, δ)-differential privacy for users: what is released would be
/// nearly as likely if any one user had never come.
///
/// Each user counts once in at most m cells, so that one user changes the table by at most m in the sum and √m in the
/// Euclidean norm; noise is Laplace of scale m/ε, or Gaussian of variance m/2ρ for the ρ that gives (ε, δ). With secret
/// domains a cell is listed only if its noisy count reaches 1 + t with P(noise > t) ≤ δ/2m (Korolova et al. 2009). The windows
/// are taken as known: they say when the log begins and ends. The release is entered in `ledger` before it is made.
///
/// # Errors
/// As [`Windows::of_log`], [`Scope::users`], [`Ledger::spend`] and [`Noise::draw`]; [`Error::Parameter`] for options out of
/// range or more than [`MAX_CELLS`] cells.
pub fn private_evolution(
    log: &Log,
    scope: &Scope,
    options: &InterestOptions,
    private: &PrivateOptions,
    ledger: &mut Ledger,
    rng: &mut impl CryptoRng,
) -> Result<PrivateEvolution> {
    let plan = Plan::new(private)?;
    let mut counts: FxHashMap<(u32, usize), i64> = FxHashMap::default();
    let (mut all, mut counted) = (0usize, 0usize);
    let mut own: Vec<UserCell> = Vec::new();
    let windows = each_users_cells(log, scope, options, |cells| {
        own.clear();
        own.extend_from_slice(cells);
        let (drawn, _) = own.partial_shuffle(rng, private.cells_per_user as usize);
        drawn.iter().for_each(|cell| *counts.entry((cell.domain, cell.window)).or_default() += 1);
        (all, counted) = (all + cells.len(), counted + drawn.len());
    })?;
    // The order of ids tells who came first.
    let mut order: Vec<u32> = (0..log.domains.len() as u32).collect();
    order.sort_by(|&a, &b| log.domains.name(a).cmp(log.domains.name(b)));
    checked_size(order.len(), windows.len())?;
    ledger.spend(plan.release)?;
    let mut rows: Vec<(u32, Vec<f64>)> = Vec::new();
    for domain in order {
        let mut row = vec![f64::NAN; windows.len()];
        for (window, cell) in row.iter_mut().enumerate() {
            let count = counts.get(&(domain, window)).copied();
            if private.secret_domains && count.is_none() {
                continue;
            }
            let noisy = (count.unwrap_or(0) + plan.noise.draw(rng)?) as f64;
            if !private.secret_domains || noisy >= plan.threshold {
                *cell = noisy;
            }
        }
        if !private.secret_domains || row.iter().any(|cell| !cell.is_nan()) {
            rows.push((domain, row));
        }
    }
    Ok(PrivateEvolution {
        domains: rows.iter().map(|&(domain, _)| log.domains.name(domain).to_owned()).collect(),
        users: rows.into_iter().flat_map(|(_, row)| row).collect(),
        windows,
        noise: plan.noise,
        bound: plan.noise.bound(0.05),
        threshold: plan.threshold,
        uncounted: if all == 0 { 0.0 } else { 1.0 - counted as f64 / all as f64 },
    })
}

/// The noise that keeps a promise.
struct Plan {
    noise: Noise,
    threshold: f64,
    release: Release,
}

impl Plan {
    fn new(options: &PrivateOptions) -> Result<Plan> {
        let PrivacyLoss { epsilon, delta } = options.loss;
        if !(1..=10_000).contains(&options.cells_per_user) {
            return Err(Error::Parameter {
                name: "cells per user",
                hint: format!("a user counts to 1 to 10,000 cells, not {}", options.cells_per_user),
            });
        }
        if options.secret_domains && delta == 0.0 {
            return Err(Error::Parameter {
                name: "delta",
                hint: "keeping the list of domains secret needs a δ above 0, such as 0.000001".into(),
            });
        }
        Ledger::new(options.loss)?;
        let cells = f64::from(options.cells_per_user);
        let slip = if options.secret_domains { delta / 2.0 } else { 0.0 };
        let (noise, cost) = if delta > 0.0 {
            let rho = PrivacyLoss { epsilon, delta: delta - slip }.rho()?;
            (Noise::Gaussian(Ratio::not_below(cells / (2.0 * rho))?), Spending::Concentrated(rho))
        } else {
            (Noise::Laplace(Ratio::not_below(cells / epsilon)?), Spending::Pure(epsilon))
        };
        let threshold = if options.secret_domains { 1.0 + noise.bound(slip / cells) } else { 0.0 };
        Ok(Plan { noise, threshold, release: Release { cost, slip } })
    }
}

#[cfg(test)]
mod tests;
