//! The choice of hyper-parameters on validation.

use super::{FitNextItem, NextItemModel, next_item_metrics, rank_next_items};
use crate::{
    Error, Result,
    cf::{Measure, Similarity},
    evaluation::ModelName,
    graph::Csr,
    nn::Device,
    training::{
        Observer,
        next_item::{ItemRanker, ItemToItem, Recency, Sequences, Target, UserNeighbours, UserOptions},
    },
};

/// Validation targets that a choice is made on, at most; more would change nothing but the time.
const MAX_CHOICE: usize = 4000;

/// Every n-th of the targets, so that at most [`MAX_CHOICE`] are left.
pub(super) fn some_targets(targets: &[Target]) -> Vec<Target> {
    targets.iter().step_by(targets.len().div_ceil(MAX_CHOICE).max(1)).copied().collect()
}

/// The weights of the input that are tried: by position, and by time too where times are known.
pub(super) fn recencies(sequences: &Sequences) -> impl Iterator<Item = Recency> + Clone + use<> {
    const DAY: f32 = 86_400.0;
    let timed = !sequences.is_empty() && sequences.iter().any(|sequence| !sequence.times.is_empty());
    let half_lives = if timed { &[None, Some(DAY), Some(7.0 * DAY), Some(60.0 * DAY)][..] } else { &[None] };
    [0.2, 0.4, 0.6, 0.8, 0.95]
        .into_iter()
        .flat_map(move |step| half_lives.iter().map(move |&half_life| Recency { step, half_life }))
}

/// User neighbours with the settings that are tried.
pub(super) fn user_candidates<'a>(
    name: ModelName,
    measure: Measure,
    fit: &FitNextItem<'a>,
) -> impl Iterator<Item = NextItemModel> + use<'a> {
    let train = fit.train;
    let settings = recencies(train).filter(|recency| recency.step >= 0.4);
    settings.flat_map(move |recency| {
        [(0.0, 50), (0.0, 200), (1.0, 200)].into_iter().map(move |(shrinkage, count)| {
            let options = UserOptions { similarity: Similarity { measure, shrinkage }, recency, count };
            NextItemModel::CfUser { name, model: UserNeighbours::fit(train, options) }
        })
    })
}

/// One item-to-item matrix with the weights of the input that are tried.
pub(super) fn item_candidates(matrix: Csr, train: &Sequences) -> impl Iterator<Item = ItemToItem> + use<> {
    recencies(train).map(move |recency| ItemToItem { matrix: matrix.clone(), recency })
}

/// The candidate with the best NDCG@10 on (some of the) validation targets; among equals the first.
pub(super) async fn best(
    candidates: impl Iterator<Item = NextItemModel>,
    fit: &FitNextItem<'_>,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<NextItemModel> {
    let ranker = ItemRanker::new(&fit.train.counts());
    let targets = some_targets(fit.validation);
    let mut best: Option<(f64, NextItemModel)> = None;
    for candidate in candidates {
        let outcomes = rank_next_items(&candidate, fit.train, &targets, &ranker, device, observer).await?;
        let score = next_item_metrics(&outcomes).ndcg10;
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, model)| model).ok_or(Error::NotEnough { what: "recommendations", hint: "nothing to choose".into() })
}
