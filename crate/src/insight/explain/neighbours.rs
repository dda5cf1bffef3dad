//! Other users that a forecast rests on, and the items that tie them to this one.

use driftscope_kernels::Order;
use serde::Serialize;

use super::evidence::title;
use crate::{
    evaluation::Outlook,
    event::{Log, NONE},
    graph::{Csr, Resemblance, neighbours, touched},
};

/// Neighbours that are looked at.
const NEIGHBOURS: usize = 5;
/// Half-life in windows of an event's weight where users are compared, and windows whose events show a neighbour's
/// present interest.
const RECENT: usize = 4;
/// Items that are named.
const ITEMS: usize = 3;
/// Products of two users' weights that may be computed.
const BUDGET: u64 = 50_000_000;

/// What another user does to the forecast.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NeighbourEvidence {
    /// Id of the other user.
    pub user: u32,
    /// Name of the other user.
    pub name: String,
    /// Share of the resemblance among the users named, 0 to 1.
    pub weight: f64,
    /// The path between the two: items that both touched, those that fewest users touched first.
    pub shared: Vec<String>,
    /// Share of the domain among the other's events of the last four windows, 0 to 1.
    pub interest: f64,
    /// Forecast share with the other user's events, less that without them.
    pub effect: f64,
}

/// A user who resembles the one in question.
pub(super) struct Similar {
    pub user: u32,
    weight: f64,
    shared: Vec<u32>,
}

/// The nearest users by items touched before the window (idf-weighted cosine, recent events weighing more).
pub(super) fn nearest(log: &Log, outlook: &Outlook<'_>, user: u32) -> Vec<Similar> {
    let windows = outlook.windows();
    let step = (windows.end(0) - windows.start(0)) as f64;
    let items = touched(log, outlook.start(), step * RECENT as f64, log.items.len(), |event| {
        (log.domain_of(event) != NONE).then(|| log.items.base(event.item))
    });
    let mut wanted = vec![false; log.users.len()];
    if let Some(slot) = wanted.get_mut(user as usize) {
        *slot = true;
    }
    let resemblance = Resemblance { neighbours: NEIGHBOURS, power: 1, budget: BUDGET };
    let near = neighbours(&items, &wanted, &vec![true; log.users.len()], &resemblance);
    let counts = columns(&items);
    let (others, weights) = near.row(user as usize);
    others
        .iter()
        .zip(weights)
        .map(|(&other, &weight)| Similar {
            user: other,
            weight: f64::from(weight),
            shared: shared(&items, &counts, user, other),
        })
        .collect()
}

/// Users of each column.
fn columns(matrix: &Csr) -> Vec<u32> {
    let mut counts = vec![0; matrix.columns()];
    for row in 0..matrix.rows() {
        for &column in matrix.row(row).0 {
            counts[column as usize] += 1;
        }
    }
    counts
}

/// Items of both users, rarest first.
fn shared(items: &Csr, counts: &[u32], user: u32, other: u32) -> Vec<u32> {
    let theirs = items.row(other as usize).0;
    let own = items.row(user as usize).0.iter().copied();
    let mut both: Vec<u32> = own.filter(|item| theirs.binary_search(item).is_ok()).collect();
    both.order_by_key(|&item| (counts.get(item as usize).copied(), item));
    both.truncate(ITEMS);
    both
}

impl Similar {
    /// The other user in words, with the effect of deleting him.
    pub fn evidence(
        &self,
        (log, outlook): (&Log, &Outlook<'_>),
        (_, domain): (u32, u32),
        effect: f64,
    ) -> NeighbourEvidence {
        let windows = outlook.windows();
        let from = windows.start(windows.len().saturating_sub(1 + RECENT));
        let recent = log
            .slice(log.user_events(self.user))
            .filter(|event| (from..outlook.start()).contains(&i64::from(event.time)) && log.domain_of(event) != NONE);
        let (all, same) = recent
            .fold((0_u32, 0_u32), |(all, same), event| (all + 1, same + u32::from(log.domain_of(&event) == domain)));
        NeighbourEvidence {
            user: self.user,
            name: log.users.name(self.user).to_owned(),
            weight: self.weight,
            shared: self.shared.iter().map(|&item| title(log, item)).collect(),
            interest: f64::from(same) / f64::from(all.max(1)),
            effect,
        }
    }
}
