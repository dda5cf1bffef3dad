//! Instances to learn from or to choose on, with their features computed once where memory allows.

use super::{
    FeatureScale, Features, Instance, Observer, Prior, Ranker, TOP, TrainingProgress, batch::Batch, dnn, ndcg,
};
use crate::{
    Error, Result,
    nn::{Device, Parameters, Shape, read},
};
use driftscope_kernels::Order;

/// Bytes of features that are kept; beyond it they are computed anew whenever they are needed.
pub const KEPT: usize = 400 << 20;
/// Instances between two pauses.
const CHUNK: usize = 16;

/// Instances with what computes their features.
#[derive(Debug)]
pub(super) struct Examples<'a> {
    features: &'a Features<'a>,
    ranker: &'a Ranker,
    pub instances: Vec<Instance>,
    width: usize,
    pub scale: FeatureScale,
    kept: Option<Batch>,
}

impl<'a> Examples<'a> {
    /// `instances`, ordered by window, with `width` candidates each; without a `scale`, theirs is taken.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub async fn new(
        features: &'a Features<'a>,
        ranker: &'a Ranker,
        mut instances: Vec<Instance>,
        width: usize,
        scale: Option<FeatureScale>,
        observer: &mut impl Observer,
    ) -> Result<Examples<'a>> {
        let columns = Features::width();
        let width = width.min(features.history().domains());
        let keep = instances.len() * width * columns * size_of::<f32>() <= KEPT;
        let (mut sum, mut squares, mut count) = (vec![0.0; columns], vec![0.0; columns], 0.0);
        let mut kept = Batch::empty(width);
        // By window, so that what everyone did before it stays in the processor's cache.
        instances.order_by_key(|instance| instance.window);
        let looked_at = if keep || scale.is_none() { instances.as_slice() } else { &[] };
        for (index, some) in looked_at.chunks(CHUNK).enumerate() {
            let begin = if keep { kept.features.len() } else { 0 };
            if !keep {
                kept = Batch::empty(width);
            }
            for instance in some {
                kept.add(features, ranker, instance.user, instance.window);
            }
            for row in kept.features[begin..].chunks(columns) {
                for ((value, sum), square) in row.iter().zip(&mut sum).zip(&mut squares) {
                    *sum += f64::from(*value);
                    *square += f64::from(*value) * f64::from(*value);
                }
                count += 1.0;
            }
            let done = index * CHUNK;
            observer.progress(TrainingProgress {
                stage: "features",
                model: None,
                done,
                total: instances.len(),
                point: None,
            });
            observer.pause().await;
            if observer.cancelled() {
                return Err(Error::Cancelled);
            }
        }
        let scale = scale.unwrap_or_else(|| FeatureScale::from_sums(&sum, &squares, count));
        scale.apply(&mut kept.features);
        Ok(Examples { features, ranker, instances, width, scale, kept: keep.then_some(kept) })
    }

    /// The scaled features of some instances, by their place.
    pub fn batch(&self, places: &[u32]) -> Batch {
        match &self.kept {
            Some(kept) => kept.select(places),
            None => {
                let requests = places.iter().filter_map(|&place| self.instances.get(place as usize));
                let requests = requests.map(|instance| (instance.user, instance.window));
                Batch::new(self.features, Some(&self.scale), self.ranker, requests, self.width)
            }
        }
    }

    /// Mean NDCG@10 of a network's shares.
    ///
    /// # Errors
    /// [`Error::Device`], [`Error::Cancelled`].
    pub async fn mean_ndcg(
        &self,
        (shape, parameters): (&Shape, &Parameters),
        prior: &Prior,
        ranker: &Ranker,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<f64> {
        let history = self.features.history();
        let places: Vec<u32> = (0..self.instances.len() as u32).collect();
        let mut sum = 0.0;
        for some in places.chunks(dnn::CHUNK) {
            let batch = self.batch(some);
            let scores = read(shape.scores(parameters, batch.inputs(device))).await?;
            let rows = scores.chunks(batch.width).zip(batch.candidates.chunks(batch.width));
            for (&place, (scores, candidates)) in some.iter().zip(rows) {
                let instance = &self.instances[place as usize];
                let mut shares = prior.shares(history, instance.user, instance.window);
                dnn::spread(scores, candidates, &mut shares);
                sum += ndcg(&ranker.top(&shares, TOP), history.truth(instance));
            }
            observer.pause().await;
            if observer.cancelled() {
                return Err(Error::Cancelled);
            }
        }
        Ok(sum / places.len().max(1) as f64)
    }

    /// Whether all features are held at once.
    pub fn is_kept(&self) -> bool {
        self.kept.is_some()
    }

    /// The features that theirs come from.
    pub fn features(&self) -> &Features<'a> {
        self.features
    }
}
