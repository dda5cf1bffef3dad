//! One model through the leave-last-out split.

use super::{FitNextItem, NextItemMetrics, NextItemModel, NextItemOutcome, next_item_metrics};
use crate::{
    Error, Result,
    evaluation::ModelName,
    nn::Device,
    training::{
        Observer, TOP,
        next_item::{Catalogue, ItemRanker, MIN_LENGTH, Sequences, Target},
    },
};

/// How a model is evaluated.
#[derive(Debug, Clone, Copy)]
pub struct NextItemRun {
    /// Which model.
    pub model: ModelName,
    /// Decides everything that is random.
    pub seed: u64,
    /// Whether the model is learned anew on everything before the test targets; else it stays as it was for validation
    /// and only the users' inputs grow.
    pub refit: bool,
}

/// A model with its scores.
#[derive(Debug)]
pub struct NextItemScored {
    /// The model that was tested.
    pub model: NextItemModel,
    /// On validation.
    pub validation: NextItemMetrics,
    /// On test.
    pub test: NextItemMetrics,
    /// Each user's validation.
    pub validation_outcomes: Vec<NextItemOutcome>,
    /// Each user's test.
    pub outcomes: Vec<NextItemOutcome>,
    /// Seconds until the model was chosen and fitted on train.
    pub seconds_to_fit: f64,
    /// Seconds for everything.
    pub seconds: f64,
}

/// Leave-last-out with full ranking (PROTOCOL.md, LLO). Of a user's s1 … sn the model learns from s1 … s(n−2), is chosen
/// on s(n−1) and tested on sn; shorter sequences than [`MIN_LENGTH`] are left out altogether.
///
/// # Errors
/// [`Error::NotEnough`] where no sequence is long enough; as [`NextItemModel::fit`].
pub async fn evaluate_next_item(
    sequences: &Sequences,
    catalogue: &Catalogue,
    run: NextItemRun,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<NextItemScored> {
    let begin = observer.seconds();
    let sequences = sequences.at_least(MIN_LENGTH);
    let (train, inputs) = (sequences.without_last(2), sequences.without_last(1));
    let (validation, test) = (sequences.targets(1), sequences.targets(0));
    if test.is_empty() {
        let hint = format!("no user has {MIN_LENGTH} events");
        return Err(Error::NotEnough { what: "an evaluation", hint });
    }
    let fit = FitNextItem { train: &train, validation: &validation, catalogue, seed: run.seed };
    let mut model = NextItemModel::fit(run.model, &fit, device, observer).await?;
    let seconds_to_fit = observer.seconds() - begin;
    let mut ranker = ItemRanker::new(&train.counts());
    let validation_outcomes = rank_next_items(&model, &train, &validation, &ranker, device, observer).await?;
    if run.refit {
        model = model.refit(&inputs, catalogue, run.seed, device, observer).await?;
        ranker = ItemRanker::new(&inputs.counts());
    }
    let outcomes = rank_next_items(&model, &inputs, &test, &ranker, device, observer).await?;
    Ok(NextItemScored {
        model,
        validation: next_item_metrics(&validation_outcomes),
        test: next_item_metrics(&outcomes),
        validation_outcomes,
        outcomes,
        seconds_to_fit,
        seconds: observer.seconds() - begin,
    })
}

/// Ranks all items that are not in a user's input, for each target's user.
///
/// # Errors
/// As [`NextItemModel::each_scores`].
pub async fn rank_next_items(
    model: &NextItemModel,
    inputs: &Sequences,
    targets: &[Target],
    ranker: &ItemRanker,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Vec<NextItemOutcome>> {
    let users: Vec<u32> = targets.iter().map(|target| target.user).collect();
    let mut outcomes = Vec::with_capacity(targets.len());
    model
        .each_scores(inputs, &users, device, observer, |index, scores| {
            let Target { user, item } = targets[index];
            let ranked = ranker.top(scores, inputs.user(user as usize).items, TOP);
            outcomes.push(NextItemOutcome { user, target: item, ranked });
        })
        .await?;
    Ok(outcomes)
}
