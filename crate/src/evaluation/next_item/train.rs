//! Next-item models of any log, side by side, as the page asks for them; and what comes next for one user.

use serde::{Deserialize, Serialize};

use super::{
    ItemOutlook, NextItemMetrics, NextItemModel, NextItemRun, NextItemScored, evaluate_next_item, next_item_bootstrap,
};
use crate::{
    Error, Result,
    evaluation::{ModelGain, ModelName, OfModel, RunState},
    event::Log,
    nn,
    training::{
        Observer, Stopped,
        next_item::NextItemData,
        saved::{self, Kind, Vocabulary},
    },
};

/// The simple rules that always run beside the others.
pub const NEXT_ITEM_BASELINES: [ModelName; 2] = [ModelName::Popularity, ModelName::Markov];

/// What is to be trained (`NextItemOptions` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NextItemOptions {
    /// The models wanted; the simple rules always run beside them.
    pub models: Vec<ModelName>,
    /// Decides everything that is random.
    pub seed: u64,
}

/// One model's results.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NextItemModelReport {
    /// Which.
    pub model: ModelName,
    /// Whether it learns: whether it is more than one of the simple rules.
    pub trained: bool,
    /// On each user's last event but one, where choices were made.
    pub validation: NextItemMetrics,
    /// On each user's last event.
    pub test: NextItemMetrics,
    /// NDCG@10 on test minus that of the best simple rule; `None` for that rule.
    pub gain: Option<ModelGain>,
    /// Numbers learned by gradient.
    pub parameters: usize,
    /// Seconds to fit and score it.
    pub seconds: f64,
}

/// The whole run (`NextItemReport` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NextItemReport {
    /// `cpu` or `webgpu`.
    pub engine: &'static str,
    /// By model, simple rules first.
    pub models: Vec<NextItemModelReport>,
    /// The best on validation.
    pub best: ModelName,
    /// Whether a model that learns beats the best simple rule on test with an interval that leaves out 0.
    pub worth_it: bool,
    /// Number of items to choose from.
    pub items: usize,
    /// `Cancelled` where models are missing because the person ended the run.
    pub stopped: Stopped,
}

/// The fitted models, ready to recommend on the log that they were trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NextItemModels {
    /// The items whose numbers the models speak of.
    items: Vocabulary,
    best: ModelName,
    models: Vec<NextItemModel>,
}

impl NextItemModels {
    /// As a file without the log (`docs/MODEL_FORMAT.md`).
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it cannot be encoded.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        saved::save(Kind::NextItemModels, self)
    }

    /// The model called `name`, or the best on validation, for a log that `data` was taken from.
    ///
    /// # Errors
    /// [`Error::State`] where it was not trained; [`Error::Checkpoint`] where the log has other items.
    pub(super) fn get(&self, name: Option<ModelName>, log: &Log, data: &NextItemData) -> Result<&NextItemModel> {
        let name = name.unwrap_or(self.best);
        let missing = || Error::State { hint: format!("no model {} was trained: train it first", name.name()) };
        let model = self.models.iter().find(|model| model.name() == name).ok_or_else(missing)?;
        if vocabulary(log, data) != self.items {
            return Err(Error::Checkpoint { hint: "the models were trained on another log: train again".into() });
        }
        Ok(model)
    }

    /// Back from a file, on any engine.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that are damaged, of another version or no such models.
    pub fn from_bytes(bytes: &[u8]) -> Result<NextItemModels> {
        saved::load(Kind::NextItemModels, bytes)
    }
}

/// The names of a log's numbered items.
fn vocabulary(log: &Log, data: &NextItemData) -> Vocabulary {
    Vocabulary::of(data.entries.iter().map(|&entry| log.items.name(entry)))
}

/// An item that may come next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NextItem {
    /// Its name in the log.
    pub name: String,
    /// Its title, where an item table gave one.
    pub title: Option<String>,
    /// Its interest domain, where it has one.
    pub domain: Option<String>,
    /// The model's score, on a scale of its own.
    pub score: f32,
}

/// What may come next for one user (`NextItems` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NextItems {
    /// By which model.
    pub model: ModelName,
    /// Best first; items that the user had already are left out.
    pub items: Vec<NextItem>,
}

/// Fits and compares next-item models by leave-last-out: of each user's events the last is scored and the last but one
/// chooses. A cancel keeps the models that are done.
///
/// # Errors
/// [`Error::NotEnough`] for a log without a user of three events; [`Error::Parameter`] for a model that does not rank
/// items; [`Error::Cancelled`] before the first model that learns is done; [`Error::Device`].
pub async fn train_next_items(
    log: &Log,
    options: &NextItemOptions,
    observer: &mut impl Observer,
) -> Result<(NextItemReport, NextItemModels)> {
    let data = NextItemData::of_log(log)?;
    let device = nn::device().await?;
    let mut names = NEXT_ITEM_BASELINES.to_vec();
    for &name in &options.models {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut scored: Vec<NextItemScored> = Vec::new();
    let mut stopped = Stopped::Finished;
    for model in names {
        let run = NextItemRun { model, seed: options.seed, refit: true };
        let mut watched = OfModel { observer: &mut *observer, name: model, state: &mut RunState::default() };
        match evaluate_next_item(&data.sequences, &data.catalogue, run, &device, &mut watched).await {
            Ok(one) => scored.push(one),
            Err(Error::Cancelled) if scored.iter().any(|one| !one.model.name().is_baseline()) => {
                stopped = Stopped::Cancelled;
                break;
            }
            Err(error) => return Err(error),
        }
    }
    let report = report(&scored, data.sequences.items(), stopped);
    let models = scored.into_iter().map(|one| one.model).collect();
    let models = NextItemModels { items: vocabulary(log, &data), best: report.best, models };
    Ok((report, models))
}

fn report(scored: &[NextItemScored], items: usize, stopped: Stopped) -> NextItemReport {
    let best_of = |among: &dyn Fn(ModelName) -> bool| {
        let some = scored.iter().filter(|one| among(one.model.name()));
        some.fold(None::<&NextItemScored>, |best, one| match best {
            Some(best) if best.validation.ndcg10 >= one.validation.ndcg10 => Some(best),
            _ => Some(one),
        })
    };
    let reference = best_of(&ModelName::is_baseline);
    let models: Vec<NextItemModelReport> = scored
        .iter()
        .map(|one| NextItemModelReport {
            model: one.model.name(),
            trained: !one.model.name().is_baseline(),
            validation: one.validation,
            test: one.test,
            gain: reference.filter(|reference| reference.model.name() != one.model.name()).and_then(|reference| {
                let gain = next_item_bootstrap(&one.outcomes, &reference.outcomes)?;
                let baseline = reference.model.name();
                Some(ModelGain { difference: gain.difference, low: gain.low, high: gain.high, baseline })
            }),
            parameters: one.model.parameter_count(),
            seconds: one.seconds,
        })
        .collect();
    NextItemReport {
        engine: nn::engine(),
        best: best_of(&|_| true).map_or(ModelName::Popularity, |one| one.model.name()),
        worth_it: models.iter().any(|one| one.trained && one.gain.is_some_and(|gain| gain.low > 0.0)),
        models,
        items,
        stopped,
    }
}

/// The `top` items that `model` (or the best one) expects next for a user, from all of the user's events.
///
/// # Errors
/// [`Error::Parameter`] for an unknown user; as [`ItemOutlook::new`] and [`ItemOutlook::scores`].
pub async fn next_items(
    log: &Log,
    models: &NextItemModels,
    user: u32,
    top: usize,
    model: Option<ModelName>,
    observer: &mut impl Observer,
) -> Result<NextItems> {
    let outlook = ItemOutlook::new(log, models, model).await?;
    let scores = outlook.scores(user, |_| true, observer).await?;
    let place =
        |item: u32| NextItem { score: scores.get(item as usize).copied().unwrap_or(0.0), ..outlook.item(log, item) };
    Ok(NextItems { model: outlook.model(), items: outlook.top(user, &scores, top).into_iter().map(place).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{event::Event, training::Silent};

    /// 40 users who go round a circle of 12 items, each from a place of their own.
    fn circle() -> Log {
        let mut log = Log::new();
        let kind = log.kinds.intern("view").unwrap();
        for user in 0..40 {
            log.users.intern(&format!("u{user}"));
            for step in 0..6 {
                let at = (user + step) % 12;
                let domain = log.domains.intern(&format!("d{}", at % 3));
                let item = log.items.intern(&format!("i{at}"), domain);
                log.push(Event { user, item, time: 1000 + step * 60, kind, platform: 0 });
            }
        }
        log.sort();
        log
    }

    #[test]
    fn transitions_beat_popularity_on_a_circle_and_name_the_next_item() {
        let log = circle();
        let options = NextItemOptions { models: vec![ModelName::Markov, ModelName::Popularity], seed: 1 };
        let (report, models) = pollster::block_on(train_next_items(&log, &options, &mut Silent)).unwrap();
        assert_eq!(report.models.iter().map(|one| one.model).collect::<Vec<_>>(), NEXT_ITEM_BASELINES);
        assert_eq!((report.best, report.items, report.worth_it), (ModelName::Markov, 12, false));
        assert_eq!(report.models[1].test.hr10, 1.0);
        assert!(report.models[0].gain.is_some_and(|gain| gain.high < 0.0) && report.models[1].gain.is_none());
        let models = NextItemModels::from_bytes(&models.to_bytes().unwrap()).unwrap();
        let next = pollster::block_on(next_items(&log, &models, 3, 2, None, &mut Silent)).unwrap();
        assert_eq!((next.model, next.items[0].name.as_str()), (ModelName::Markov, "i9"));
        assert_eq!((next.items[0].domain.as_deref(), next.items.len()), (Some("d0"), 2));
        let unknown = pollster::block_on(next_items(&log, &models, 99, 2, None, &mut Silent));
        assert!(matches!(unknown, Err(Error::Parameter { .. })));
        let untrained = pollster::block_on(next_items(&log, &models, 3, 2, Some(ModelName::Dnn), &mut Silent));
        assert!(matches!(untrained, Err(Error::State { .. })));
    }
}
