//! A forecaster for a log that nothing was trained on.

use serde::{Deserialize, Serialize};

use super::{Base, Source, base::SHARED};
use crate::{
    Result,
    event::Log,
    nn::{Device, Parameters},
    training::{
        Dnn, DnnOptions, Features, History, Instance, Observer, Prior, PriorGrid, Ranker, Split, examples::Examples,
        split::MIN_EVENTS,
    },
};

/// How far the base's network is followed beyond the prior: 0 is the prior alone, 1 the network as it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trust(pub f32);

/// The values tried.
const TRUSTS: [f32; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// Instances that trust is chosen on, at most; and at least, so that the choice means something.
const CHOSEN_ON: usize = 1500;
const FEWEST: usize = 10;

/// A forecaster and how much it goes beyond its prior.
#[derive(Debug, Clone, PartialEq)]
pub struct ZeroShot {
    /// The network on the log.
    pub dnn: Dnn,
    /// Chosen on the log's own past.
    pub trust: Trust,
}

impl Dnn {
    /// Makes all that goes beyond the prior smaller: the output and the prior's weight less 1 are multiplied by `trust`.
    fn trusted(&self, Trust(trust): Trust) -> Dnn {
        let mut dnn = self.clone();
        for (index, values) in dnn.parameters.iter_mut().enumerate() {
            match index % SHARED {
                0 => values.iter_mut().for_each(|weight| *weight = 1.0 + trust * (*weight - 1.0)),
                5 => values.iter_mut().for_each(|weight| *weight *= trust),
                _ => {}
            }
        }
        dnn
    }
}

impl Base {
    /// A forecaster for a split of a protocol, without training: half-life and weight of the prior are `source`'s, trust is
    /// chosen on its validation windows.
    ///
    /// # Errors
    /// As [`Dnn::each_shares`].
    pub async fn zero_shot_on(
        &self,
        source: Source<'_>,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<ZeroShot> {
        let Source { history, split, .. } = source;
        let choice = history.instances(split.validation.clone(), MIN_EVENTS, MIN_EVENTS);
        let dnn = self.forecaster(source, observer).await?;
        let trust = choose(&dnn, source, &choice, device, observer).await?;
        Ok(ZeroShot { dnn: dnn.trusted(trust), trust })
    }

    /// A forecaster for windows from `end` on, from the log's own past alone: half-life, weight and trust are those that
    /// would have been best on the last window before `end` in which there is someone to choose on. Nothing from `end` on
    /// is looked at. Where no window can choose, the prior is PROTOCOL.md's for its first data set, and trust full.
    ///
    /// # Errors
    /// [`crate::Error::NotEnough`] where there is no event before `end`; as [`Dnn::each_shares`].
    pub async fn zero_shot(
        &self,
        (log, history): (&Log, &History),
        end: usize,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<ZeroShot> {
        let options = &DnnOptions::for_size(history.domains(), history.instances(0..end, 2, 2).len());
        let last = (2..end).rev().find(|&window| {
            history.instances(window..window + 1, MIN_EVENTS, MIN_EVENTS).len() >= FEWEST
                && history.sum(0..window).iter().any(|&events| events > 0)
        });
        let (mut half_life, mut weight, mut trust) = (4.0, 10.0, Trust(1.0));
        if let Some(window) = last {
            let split = &Split { train: 0..window, validation: window..window + 1, test: end..end };
            let choice = history.instances(split.validation.clone(), MIN_EVENTS, MIN_EVENTS);
            let ranker = Ranker::new(&history.sum(0..window));
            let prior = &Prior::choose(history, 0..window, &choice, &ranker, PriorGrid::default())?;
            let found = self.zero_shot_on(Source { log, history, split, prior, options }, device, observer).await?;
            (half_life, weight, trust) = (prior.half_life, prior.weight, found.trust);
        }
        let split = &Split { train: 0..end, validation: end..end, test: end..end };
        let prior = &Prior::new(history, 0..end, half_life, weight)?;
        let dnn = self.forecaster(Source { log, history, split, prior, options }, observer).await?;
        Ok(ZeroShot { dnn: dnn.trusted(trust), trust })
    }
}

/// The trust with the best NDCG@10 on `instances`; among equals the smallest.
async fn choose(
    dnn: &Dnn,
    Source { log, history, split, .. }: Source<'_>,
    instances: &[Instance],
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Trust> {
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let some: Vec<Instance> = instances.iter().step_by(instances.len().div_ceil(CHOSEN_ON).max(1)).cloned().collect();
    let features = Features::new(log, history, &dnn.prior)?.with_crowd(dnn.options.crowd);
    let scale = Some(dnn.scale.clone());
    let examples = Examples::new(&features, &ranker, some, dnn.options.candidates, scale, observer).await?;
    let mut best = (f64::NEG_INFINITY, Trust(1.0));
    for trust in TRUSTS.map(Trust) {
        let parameters = Parameters::new(&dnn.shape.parameters(), &dnn.trusted(trust).parameters, device)?;
        let ndcg = examples.mean_ndcg((&dnn.shape, &parameters), &dnn.prior, &ranker, device, observer).await?;
        if ndcg > best.0 {
            best = (ndcg, trust);
        }
    }
    Ok(best.1)
}
