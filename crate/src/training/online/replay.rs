//! Older instances to learn from again, so that the new ones don't make a model forget.

use driftscope_kernels::Order;
use rand::{RngExt, seq::SliceRandom};
use rand_pcg::Pcg64Mcg;

use super::super::Instance;

/// At most `count` of `older`: all windows' turn comes, but recent ones' more often. `windows` windows are drawn without
/// replacement, one of age g with odds 2^(−g / half_life) (Efraimidis & Spirakis 2006), then instances evenly from them;
/// few windows, because what everyone did before a window has to be computed for each.
pub(super) fn replay(
    older: Vec<Instance>,
    count: usize,
    windows: usize,
    half_life: f64,
    random: &mut Pcg64Mcg,
) -> Vec<Instance> {
    let mut present: Vec<usize> = older.iter().map(|instance| instance.window).collect();
    present.sort_unstable();
    present.dedup();
    let newest = present.last().copied().unwrap_or_default();
    let mut keys: Vec<(f64, usize)> = present
        .into_iter()
        .map(|window| {
            let weight = libm::exp2(-((newest - window) as f64) / half_life);
            // u^(1 / weight) by its logarithm: the largest win.
            let uniform = f64::from(random.random_range(1..=u32::MAX)) / f64::from(u32::MAX);
            (libm::log(uniform) / weight, window)
        })
        .collect();
    keys.order_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    keys.truncate(windows);
    let mut drawn: Vec<Instance> =
        older.into_iter().filter(|instance| keys.iter().any(|&(_, window)| window == instance.window)).collect();
    sample(&mut drawn, count, random);
    drawn
}

/// Keeps `count` instances, drawn evenly.
pub(super) fn sample(instances: &mut Vec<Instance>, count: usize, random: &mut Pcg64Mcg) {
    if count < instances.len() {
        instances.shuffle(random);
        instances.truncate(count);
    }
}
