//! Forecasts for users about whom little is known, by the models of a session.

use driftscope_kernels::Order;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Average, Model, ModelName};
use crate::{
    Result,
    event::Log,
    nn::Device,
    training::{ColdStart, History, Instance, Observer, Ranker, TOP, cold_instances, is_cold, ndcg},
};

/// How users with fewer than five events before a window are forecast: by trust · model + (1 − trust) · the back-off mixture
/// of [`ColdStart`], of their shares or of the logs of these. All others are forecast by the model alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ColdUsers {
    mixture: ColdStart,
    /// By model.
    trust: Vec<(ModelName, Trusted)>,
}

/// How far a model is followed, 0 to 1, and what is averaged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trusted {
    /// What the model counts for.
    pub trust: f64,
    /// Shares or logs.
    pub average: Average,
}

const fn shares(trust: f64) -> Trusted {
    Trusted { trust, average: Average::Shares }
}

const fn logs(trust: f64) -> Trusted {
    Trusted { trust, average: Average::Logs }
}

/// What is tried.
const TRIED: [Trusted; 8] =
    [shares(0.0), shares(0.25), logs(0.25), shares(0.5), logs(0.5), shares(0.75), logs(0.75), shares(1.0)];
/// Where nothing could be chosen.
const USUAL: Trusted = shares(0.5);
/// Instances below which a choice means nothing, and those that it is made on at most.
const FEWEST: usize = 10;
const CHOSEN_ON: usize = 600;

impl ColdUsers {
    /// Chooses the mixture, then for each model its trust, by NDCG@10 on the users of the `validation` windows with fewer
    /// than five events before; among equals the smallest. With fewer than ten of them nothing is chosen: [`Self::usual`].
    /// `social`: whether the log's edges, which carry no date, may be used.
    ///
    /// # Errors
    /// [`crate::Error::NotEnough`] where the `train` windows hold no event; as [`Model::each_shares`].
    pub async fn choose(
        data: (&Log, &History),
        (train, validation): (Range<usize>, Range<usize>),
        models: &[Model],
        social: bool,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<ColdUsers> {
        let (log, history) = data;
        let all = cold_instances(history, validation);
        let stride = all.len().div_ceil(CHOSEN_ON).max(1);
        let mut instances: Vec<Instance> = all.into_iter().step_by(stride).collect();
        if instances.len() < FEWEST {
            return ColdUsers::usual(history, train, models);
        }
        instances.order_by_key(|one| one.window);
        let ranker = Ranker::new(&history.sum(train.clone()));
        let mixture = ColdStart::choose(data, train, &instances, social, observer).await?;
        let requests: Vec<(u32, usize)> = instances.iter().map(|one| (one.user, one.window)).collect();
        let mut trust = Vec::with_capacity(models.len());
        for model in models {
            let mut cold = mixture.on(log, history)?;
            let mut sums = [0.0; TRIED.len()];
            let judge = |index: usize, shares: &[f64]| {
                let Some(one) = instances.get(index) else { return };
                let backed = cold.of(one.user, one.window);
                for (sum, Trusted { trust, average }) in sums.iter_mut().zip(TRIED) {
                    *sum += ndcg(&ranker.top(&average.of_two(shares, &backed, trust), TOP), history.truth(one));
                }
            };
            model.each_shares(data, &requests, device, observer, judge).await?;
            let tried = sums.into_iter().zip(TRIED);
            let best = tried.fold((f64::NEG_INFINITY, USUAL), |best, one| if one.0 > best.0 { one } else { best });
            trust.push((model.name(), best.1));
        }
        Ok(ColdUsers { mixture, trust })
    }

    /// Without a choice: the usual mixture, and every model counts half.
    ///
    /// # Errors
    /// [`crate::Error::NotEnough`] where the `train` windows hold no event.
    pub fn usual(history: &History, train: Range<usize>, models: &[Model]) -> Result<ColdUsers> {
        let trust = models.iter().map(|model| (model.name(), USUAL)).collect();
        Ok(ColdUsers { mixture: ColdStart::usual(history, train)?, trust })
    }

    /// The same on a log that went on until window `end`.
    ///
    /// # Errors
    /// As [`ColdUsers::usual`].
    pub fn carried(&self, history: &History, end: usize) -> Result<ColdUsers> {
        Ok(ColdUsers { mixture: self.mixture.carried(history, end)?, ..self.clone() })
    }

    /// The back-off mixture.
    pub fn mixture(&self) -> &ColdStart {
        &self.mixture
    }

    /// How far a model is followed.
    pub fn trust(&self, model: ModelName) -> Trusted {
        self.trust.iter().find(|(name, _)| *name == model).map_or(USUAL, |&(_, trusted)| trusted)
    }

    /// [`Model::each_shares`], users with fewer than five events before the window as this says.
    ///
    /// # Errors
    /// As [`Model::each_shares`].
    pub async fn each_shares(
        &self,
        model: &Model,
        (log, history): (&Log, &History),
        requests: &[(u32, usize)],
        device: &Device,
        observer: &mut impl Observer,
        mut visit: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        let mut cold = self.mixture.on(log, history)?;
        let Trusted { trust, average } = self.trust(model.name());
        let visit = |index: usize, shares: &[f64]| match requests.get(index) {
            Some(&(user, window)) if is_cold(history, user, window) => {
                visit(index, &average.of_two(shares, &cold.of(user, window), trust));
            }
            _ => visit(index, shares),
        };
        model.each_shares((log, history), requests, device, observer, visit).await
    }
}
