//! Change points in a sequence of profiles.
//!
//! Method: binary segmentation (Scott & Knott 1974; Vostrikova 1981) on the likelihood-ratio statistic of two multinomial
//! samples. For a stretch of windows split in two, with event counts `a` and `b` by domain,
//!
//! ```text
//! G = 2 [ L(a) + L(b) - L(a + b) ],   L(n) = Σ_d n_d ln(n_d / Σ n)
//! ```
//!
//! which is `2 ln 2 · N` times the Jensen–Shannon divergence (base 2) of the two sides, weighted by their events. Without a
//! change, `G / φ` follows a χ² with `k - 1` degrees of freedom for `k` domains; `φ >= 1` is the overdispersion, estimated
//! robustly as the median of `G / (k - 1)` over neighbouring windows. A split counts where `G / φ` exceeds
//! `(k - 1) + 2 √((k - 1) x) + 2 x` with `x = ln(W / α)`: the bound of Laurent & Massart (2000, lemma 1) for a χ² to exceed it
//! in any of `W` places with probability below `α`. Sums over several windows find a change that is spread over some of them,
//! which a look at neighbouring windows alone would miss.
//!
//! With many events the smallest change is significant. So a split must also matter: `G` must reach [`LEAST_SHARE`] of what it
//! would be if the two sides had no domain in common, which is `2 (N ln N - A ln A - B ln B)` for sides of `A` and `B` events.

use driftscope_kernels::Order;

/// Probability of a false alarm in one sequence, if the model held exactly.
const ALPHA: f64 = 0.05;

/// Share of the largest possible `G` that a change must reach: for sides of equal size, a Jensen–Shannon distance of 0.1.
const LEAST_SHARE: f64 = 0.01;

/// A place to split at.
struct Place {
    at: usize,
    g: f64,
    freedom: f64,
    /// `G` of sides without a common domain.
    largest: f64,
}

/// One window of the sequence: events by domain, sorted by domain. Counts may be fractions.
pub(super) type Counts = Vec<(u32, f64)>;

/// Places `i` where `sequence[i..]` begins to differ from what is before it, ascending, with a score: the statistic divided
/// by its threshold, so at least 1. `domains` is an upper bound of the domain ids.
pub(super) fn change_points(sequence: &[Counts], domains: usize) -> Vec<(usize, f64)> {
    if sequence.len() < 2 {
        return Vec::new();
    }
    let mut search = Search { sequence, left: vec![0.0; domains], right: vec![0.0; domains], dispersion: 1.0 };
    search.dispersion = search.estimate_dispersion();
    let mut found = Vec::new();
    let mut open = vec![(0, sequence.len())];
    while let Some((start, end)) = open.pop() {
        if let Some((at, _)) = search.best_split(start, end) {
            found.push(at);
            open.extend([(start, at), (at, end)]);
        }
    }
    found.sort_unstable();
    search.refine(found)
}

struct Search<'a> {
    sequence: &'a [Counts],
    /// Counts on either side of the split; zero between calls.
    left: Vec<f64>,
    right: Vec<f64>,
    dispersion: f64,
}

impl Search<'_> {
    fn estimate_dispersion(&mut self) -> f64 {
        let mut ratios: Vec<f64> = (1..self.sequence.len())
            .filter_map(|at| self.statistics(at - 1, at + 1, |place| Some(place.g / place.freedom.max(1.0))))
            .collect();
        ratios.order_by(f64::total_cmp);
        // The lower median: of two steps, the larger may be the change itself.
        ratios.get(ratios.len().saturating_sub(1) / 2).map_or(1.0, |ratio| ratio.max(1.0))
    }

    /// The split of `start..end` with the largest score of those that matter, if it is at least 1.
    fn best_split(&mut self, start: usize, end: usize) -> Option<(usize, f64)> {
        let (x, dispersion) = ((self.sequence.len() as f64 / ALPHA).ln(), self.dispersion);
        let mut best: Option<(usize, f64)> = None;
        self.statistics(start, end, |Place { at, g, freedom, largest }| {
            let score = g / dispersion / (freedom + 2.0 * (freedom * x).sqrt() + 2.0 * x);
            if score >= best.map_or(1.0, |(_, score)| score) && g >= LEAST_SHARE * largest {
                best = Some((at, score));
            }
            None::<()>
        });
        best
    }

    /// Looks again for each place between its neighbours, now that they are known; drops those that no longer stand.
    fn refine(&mut self, mut places: Vec<usize>) -> Vec<(usize, f64)> {
        let mut scored = Vec::with_capacity(places.len());
        for index in 0..places.len() {
            let start = if index == 0 { 0 } else { places[index - 1] };
            let end = places.get(index + 1).copied().unwrap_or(self.sequence.len());
            if let Some((at, score)) = self.best_split(start, end) {
                places[index] = at;
                scored.push((at, score));
            }
        }
        scored
    }

    /// Calls `visit` with each place inside `start..end`; stops at the first `Some`.
    /// Linear in the number of counts.
    fn statistics<T>(&mut self, start: usize, end: usize, mut visit: impl FnMut(Place) -> Option<T>) -> Option<T> {
        let range = &self.sequence[start..end];
        let mut kinds = 0.0f64;
        let mut both = Side::default();
        for &(domain, count) in range.iter().flatten() {
            let slot = &mut self.right[domain as usize];
            kinds += f64::from(u8::from(*slot == 0.0 && count > 0.0));
            both.change(*slot, *slot + count);
            *slot += count;
        }
        let (mut left, mut right) = (Side::default(), both);
        let mut result = None;
        for (offset, counts) in range.iter().enumerate().take(range.len().saturating_sub(1)) {
            for &(domain, count) in counts {
                let (a, b) = (&mut self.left[domain as usize], &mut self.right[domain as usize]);
                left.change(*a, *a + count);
                right.change(*b, (*b - count).max(0.0));
                *a += count;
                *b = (*b - count).max(0.0);
            }
            let g = 2.0 * (left.likelihood() + right.likelihood() - both.likelihood());
            let largest = 2.0 * (n_ln_n(both.count) - n_ln_n(left.count) - n_ln_n(right.count));
            let place = Place {
                at: start + offset + 1,
                g: g.max(0.0),
                freedom: (kinds - 1.0).max(0.0),
                largest: largest.max(0.0),
            };
            result = visit(place);
            if result.is_some() {
                break;
            }
        }
        for &(domain, _) in range.iter().flatten() {
            self.left[domain as usize] = 0.0;
            self.right[domain as usize] = 0.0;
        }
        result
    }
}

/// Running sums of one side: `Σ n` and `Σ n ln n`.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    count: f64,
    log_sum: f64,
}

impl Side {
    fn change(&mut self, before: f64, after: f64) {
        self.count += after - before;
        self.log_sum += n_ln_n(after) - n_ln_n(before);
    }

    fn likelihood(self) -> f64 {
        self.log_sum - n_ln_n(self.count)
    }
}

fn n_ln_n(count: f64) -> f64 {
    if count > 0.0 { count * count.ln() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten windows of a million events in two domains; the share of the first goes from a half to `after` in the middle.
    fn crowd(after: f64) -> Vec<(usize, f64)> {
        let window = |share: f64| vec![(0, 1e6 * share), (1, 1e6 * (1.0 - share))];
        let sequence: Vec<Counts> = (0..10).map(|at| window(if at < 5 { 0.5 } else { after })).collect();
        change_points(&sequence, 2)
    }

    #[test]
    fn a_change_must_matter_however_many_events_there_are() {
        assert_eq!(crowd(0.5), []);
        // A distance of 0.06: beyond doubt, and nothing to speak of.
        assert_eq!(crowd(0.57), []);
        let found = crowd(0.75);
        assert_eq!((found.len(), found[0].0), (1, 5));
    }
}
