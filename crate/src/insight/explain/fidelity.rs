//! Whether an explanation names what matters: deleting the named events must change the forecast more than deleting as
//! many others (the deletion test of DeYoung et al. 2020, "ERASER": comprehensiveness).

use rand::{SeedableRng, seq::index::sample};
use rand_pcg::Pcg64Mcg;
use serde::Serialize;

use super::occlusion::Occlusion;
use crate::{Result, training::Observer};

/// Random deletions that are averaged.
pub(super) const DRAWS: usize = 4;
const SEED: u64 = 1;

/// The forecast without the named events against the forecast without as many random ones of the same user.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FidelityCheck {
    /// Events of the group that speaks most for the domain.
    pub events: u32,
    /// Effect of that group.
    pub named: f64,
    /// Mean effect of as many of the user's events, drawn at random. Same log, same draw.
    pub random: f64,
}

/// `named`: number of events and effect of the group that speaks most for the domain.
pub(super) async fn check(
    occlusion: &mut Occlusion<'_>,
    past: &[usize],
    (events, named): (usize, f64),
    observer: &mut impl Observer,
) -> Result<FidelityCheck> {
    let mut rng = Pcg64Mcg::seed_from_u64(SEED);
    let mut sum = 0.0;
    for _ in 0..DRAWS {
        let drawn = sample(&mut rng, past.len(), events.min(past.len()));
        let drawn: Vec<usize> = drawn.into_iter().filter_map(|place| past.get(place).copied()).collect();
        sum += occlusion.effect(&drawn, observer).await?;
    }
    Ok(FidelityCheck { events: events as u32, named, random: sum / DRAWS as f64 })
}
