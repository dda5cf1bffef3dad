//! Because of which items a next item is recommended.

use driftscope_kernels::Order;
use serde::Serialize;

use crate::{
    Error, Result,
    evaluation::{
        ModelName,
        next_item::{ItemOutlook, NextItem, NextItemModels},
    },
    event::Log,
    training::{Observer, TrainingProgress},
};

/// Items of the user, latest first, whose part is asked for.
const ASKED: usize = 24;

/// Why an item is recommended to a user (`ItemExplanation` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemExplanation {
    /// The model that was asked.
    pub model: ModelName,
    /// Id of the user.
    pub user: u32,
    /// The item, with its score.
    pub item: NextItem,
    /// What the score would be if nothing were known of the user.
    pub without_past: f32,
    /// The user's items, the strongest part first.
    pub because: Vec<ItemEvidence>,
}

/// The part of one of the user's items in a recommendation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemEvidence {
    /// Name of the item.
    pub name: String,
    /// Its title, where an item table gave one.
    pub title: Option<String>,
    /// Unix seconds of the last event with it; `None` where the log has no times.
    pub last_time: Option<u32>,
    /// Score with the item among the user's, less the score without it.
    pub effect: f32,
    /// Part of all effects in the same direction, 0 to 1.
    pub part: f32,
}

/// Explains a recommendation by leaving out the user's latest items, one at a time.
///
/// # Errors
/// [`Error::Parameter`] for an unknown user or item; [`Error::NotEnough`] for a user without events;
/// [`Error::Cancelled`]; as [`ItemOutlook::new`].
pub async fn explain_item(
    log: &Log,
    models: &NextItemModels,
    (user, item): (u32, &str),
    model: Option<ModelName>,
    observer: &mut impl Observer,
) -> Result<ItemExplanation> {
    let outlook = ItemOutlook::new(log, models, model).await?;
    let Some(asked) = outlook.find(log, item) else {
        return Err(Error::Parameter { name: "item", hint: "there is no item of that name with an event".into() });
    };
    let own = outlook.sequence(user)?;
    if own.items.is_empty() {
        return Err(Error::NotEnough { what: "an explanation", hint: "the user has no events".into() });
    }
    let of_asked = |scores: &[f32]| scores.get(asked as usize).copied().unwrap_or(0.0);
    let score = of_asked(&outlook.scores(user, |_| true, observer).await?);
    let without_past = of_asked(&outlook.scores(user, |_| false, observer).await?);
    let mut latest: Vec<(usize, u32)> = Vec::new();
    for (place, &item) in own.items.iter().enumerate().rev() {
        if latest.len() < ASKED && latest.iter().all(|&(_, known)| known != item) {
            latest.push((place, item));
        }
    }
    let mut because = Vec::with_capacity(latest.len());
    for (done, &(place, item)) in latest.iter().enumerate() {
        let keep = |place: usize| own.items.get(place) != Some(&item);
        let effect = score - of_asked(&outlook.scores(user, keep, observer).await?);
        let NextItem { name, title, .. } = outlook.item(log, item);
        because.push(ItemEvidence { name, title, last_time: own.times.get(place).copied(), effect, part: 0.0 });
        let (done, total) = (done + 1, latest.len());
        observer.progress(TrainingProgress { stage: "forecast", model: None, done, total, point: None });
        observer.pause().await;
        if observer.cancelled() {
            return Err(Error::Cancelled);
        }
    }
    let sum = |sign: f32| because.iter().map(|one| (one.effect * sign).max(0.0)).sum::<f32>();
    let (speak_for, against) = (sum(1.0), sum(-1.0));
    for one in &mut because {
        let all = if one.effect > 0.0 { speak_for } else { against };
        one.part = if all > 0.0 { one.effect.abs() / all } else { 0.0 };
    }
    because.order_by(|a, b| b.effect.total_cmp(&a.effect));
    let item = NextItem { score, ..outlook.item(log, asked) };
    Ok(ItemExplanation { model: outlook.model(), user, item, without_past, because })
}
