//! Users who resemble each other, by what they touched before a point in time.

use super::Csr;
use crate::event::{Event, Log};

/// How users are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resemblance {
    /// Neighbours of a user, at most.
    pub neighbours: usize,
    /// The weight of an edge is the cosine to this power, so that close neighbours count for more.
    pub power: i32,
    /// Products of two users' weights that may be computed, at most: the most touched columns, which say least about
    /// who resembles whom, are left out beyond it.
    pub budget: u64,
}

/// User × column matrix of a sorted log's events before `end` (Unix seconds): entry ln(1 + Σ w), where an event weighs
/// what its kind does (in views), halved every `half_life` seconds of its age. `column` says which column an event falls
/// in, or none.
pub fn touched(log: &Log, end: i64, half_life: f64, columns: usize, column: impl Fn(&Event) -> Option<u32>) -> Csr {
    let mut entries: Vec<(u32, u32, f32)> = Vec::new();
    let mut own: Vec<(u32, f64)> = Vec::new();
    for user in 0..log.users.len() as u32 {
        own.clear();
        let past = log.slice(log.user_events(user)).take_while(|event| i64::from(event.time) < end);
        own.extend(past.filter_map(|event| {
            let age = (end - i64::from(event.time)) as f64;
            Some((column(&event)?, f64::from(log.kinds.weight(event.kind)) * libm::exp2(-age / half_life)))
        }));
        own.sort_by_key(|&(column, _)| column);
        for same in own.chunk_by(|a, b| a.0 == b.0) {
            let sum: f64 = same.iter().map(|&(_, weight)| weight).sum();
            entries.push((user, same[0].0, libm::log1p(sum) as f32));
        }
    }
    Csr::from_triplets(log.users.len(), columns, entries)
}

/// Row-normalised user × user matrix: the nearest `eligible` users of each user in `wanted`, by the cosine of their rows
/// of `touched`, whose columns are weighted by idf = ln(users / users of the column) (Salton & Buckley 1988). A user is
/// not his own neighbour. O(Σ over columns of wanted · eligible users).
pub fn neighbours(touched: &Csr, wanted: &[bool], eligible: &[bool], resemblance: &Resemblance) -> Csr {
    let users = touched.rows();
    let by_column = touched.transpose();
    let counts: Vec<u64> = (0..by_column.rows()).map(|column| by_column.row(column).0.len() as u64).collect();
    let active = (0..users).filter(|&user| !touched.row(user).0.is_empty()).count();
    let limit = degree_limit(&counts, resemblance.budget);
    let idf = |column: u32| {
        let count = counts[column as usize];
        if count < 2 || count > limit { 0.0 } else { libm::log1p(active as f64 / count as f64) as f32 }
    };
    let weighted = touched.map(|_, column, value| value * idf(column));
    let by_column = weighted.transpose();
    let norms: Vec<f32> =
        (0..users).map(|user| weighted.row(user).1.iter().map(|v| v * v).sum::<f32>().sqrt()).collect();
    let mut sums = vec![0.0_f32; users];
    let mut met: Vec<u32> = Vec::new();
    let mut entries: Vec<(u32, u32, f32)> = Vec::new();
    for user in (0..users).filter(|&user| wanted.get(user).copied().unwrap_or(false)) {
        for (column, value) in weighted.entries(user).filter(|&(_, value)| value > 0.0) {
            for (other, theirs) in by_column.entries(column as usize) {
                if other as usize == user || !eligible.get(other as usize).copied().unwrap_or(false) {
                    continue;
                }
                let slot = &mut sums[other as usize];
                if *slot == 0.0 {
                    met.push(other);
                }
                *slot += value * theirs;
            }
        }
        let mut row: Vec<(u32, f32)> =
            met.drain(..).map(|other| (other, std::mem::take(&mut sums[other as usize]))).collect();
        for (other, dot) in &mut row {
            *dot /= norms[user] * norms[*other as usize];
        }
        let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if resemblance.neighbours < row.len() && resemblance.neighbours > 0 {
            row.select_nth_unstable_by(resemblance.neighbours - 1, order);
        }
        row.truncate(resemblance.neighbours);
        entries.extend(row.iter().map(|&(other, cosine)| (user as u32, other, cosine.powi(resemblance.power))));
    }
    Csr::from_triplets(users, users, entries).normalised_rows()
}

/// The largest number of users that a column may have for the sum of all squares to stay within `budget`.
fn degree_limit(counts: &[u64], budget: u64) -> u64 {
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let (mut sum, mut limit) = (0_u64, 0);
    for count in sorted {
        sum = sum.saturating_add(count * count);
        if sum > budget {
            break;
        }
        limit = count;
    }
    limit
}

/// Row-normalised user × user matrix of social edges, taken in both directions; for `wanted` users to `eligible` ones.
pub fn social(log: &Log, wanted: &[bool], eligible: &[bool]) -> Csr {
    let users = log.users.len();
    let yes = |flags: &[bool], user: u32| flags.get(user as usize).copied().unwrap_or(false);
    let both = log.edges.iter().flat_map(|&(a, b)| [(a, b), (b, a)]);
    let entries =
        both.filter(|&(a, b)| a != b && yes(wanted, a) && yes(eligible, b)).map(|(a, b)| (a, b, 1.0)).collect();
    Csr::from_triplets(users, users, entries).map(|_, _, _| 1.0).normalised_rows()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Resemblance = Resemblance { neighbours: 9, power: 1, budget: 1 << 40 };

    /// Users 0 and 1 share the rare column 0; users 0, 2 and 3 share the common column 1.
    fn matrix() -> Csr {
        let entries = vec![(0, 0, 1.0), (1, 0, 2.0), (0, 1, 1.0), (2, 1, 1.0), (3, 1, 3.0), (3, 2, 1.0), (4, 3, 1.0)];
        Csr::from_triplets(5, 4, entries)
    }

    #[test]
    fn cosines_of_a_worked_example() {
        let found = neighbours(&matrix(), &[true; 5], &[true; 5], &ALL);
        // idf: ln(1 + 5/2) for column 0, ln(1 + 5/3) for column 1; columns of one user say nothing.
        let (rare, common) = ((1.0 + 2.5_f32).ln(), (1.0 + 5.0 / 3.0_f32).ln());
        let norm = (rare * rare + common * common).sqrt();
        let cosines = [rare / norm, common / norm, common / norm];
        let total: f32 = cosines.iter().sum();
        let (others, weights) = found.row(0);
        assert_eq!(others, [1, 2, 3]);
        for (weight, cosine) in weights.iter().zip(cosines) {
            assert!((weight - cosine / total).abs() < 1e-6);
        }
        assert_eq!(found.row(4).0, [] as [u32; 0]);
    }

    #[test]
    fn the_nearest_come_first_and_only_the_eligible() {
        let nearest = neighbours(&matrix(), &[true; 5], &[true; 5], &Resemblance { neighbours: 1, ..ALL });
        assert_eq!(nearest.row(0), (&[1][..], &[1.0][..]));
        let eligible = [true, false, true, true, true];
        let without = neighbours(&matrix(), &[true, false, false, false, false], &eligible, &ALL);
        assert_eq!((without.row(0).0, without.len()), (&[2, 3][..], 2));
    }

    #[test]
    fn a_budget_leaves_out_what_everyone_touched() {
        let found = neighbours(&matrix(), &[true; 5], &[true; 5], &Resemblance { budget: 7, ..ALL });
        assert_eq!(found.row(0).0, [1]);
    }

    #[test]
    fn kinds_and_age_weigh_and_what_comes_later_does_not_count() {
        let mut log = Log::new();
        log.users.intern("u");
        let (view, purchase) = (log.kinds.intern("view").unwrap(), log.kinds.intern("purchase").unwrap());
        let item = log.items.intern("i", 0);
        for (time, kind) in [(100, view), (200, purchase), (300, view)] {
            log.push(Event { user: 0, item, time, kind, platform: 0 });
        }
        log.sort();
        let matrix = touched(&log, 300, 100.0, 1, |event| Some(event.item));
        let expected = (1.0 + 0.25 + 3.0 * 0.5_f64).ln() as f32;
        assert_eq!(matrix.row(0).0, [0]);
        assert!((matrix.row(0).1[0] - expected).abs() < 1e-6);
    }

    #[test]
    fn social_edges_go_both_ways_once() {
        let mut log = Log::new();
        for user in ["a", "b", "c"] {
            log.users.intern(user);
        }
        log.edges = vec![(0, 1), (1, 0), (2, 0), (1, 1)];
        let found = social(&log, &[true; 3], &[true; 3]);
        assert_eq!((found.row(0), found.row(1).0), ((&[1, 2][..], &[0.5, 0.5][..]), &[0][..]));
    }
}
