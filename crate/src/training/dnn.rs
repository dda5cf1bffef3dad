//! A trained network with everything it needs to score.

use serde::{Deserialize, Serialize};

use super::{
    DnnOptions, FeatureScale, Features, FirstPlace, History, Observer, Prior, Ranker, TrainingProgress, batch::Batch,
};
use crate::{
    Error, Result,
    event::Log,
    nn::{Device, Parameters, Shape, read},
};

/// The network's numbers, the features' scale and the prior it is a residual on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dnn {
    pub(super) options: DnnOptions,
    pub(super) shape: Shape,
    pub(super) scale: FeatureScale,
    pub(super) prior: Prior,
    /// Windows that statistics of domains come from: `0..train_end`.
    pub(super) train_end: usize,
    /// Windows whose instances the parameters come from: `0..learned`. Less than `train_end` in a model that was only
    /// carried along with a longer log.
    pub(super) learned: usize,
    pub(super) parameters: Vec<Vec<f32>>,
    /// Who is named first, where shares alone don't decide.
    #[serde(default)]
    pub(super) first: Option<FirstPlace>,
}

/// Instances that are scored at a time.
pub(super) const CHUNK: usize = 64;

impl Dnn {
    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.shape.parameter_count()
    }

    /// The prior it starts from.
    pub fn prior(&self) -> &Prior {
        &self.prior
    }

    /// The settings it was trained with.
    pub fn options(&self) -> &DnnOptions {
        &self.options
    }

    /// The learned numbers.
    pub fn parameters(&self) -> &[Vec<f32>] {
        &self.parameters
    }

    /// Who is named first, where shares alone don't decide.
    pub fn first(&self) -> Option<&FirstPlace> {
        self.first.as_ref()
    }

    /// The same model with another rule for the first place.
    pub fn with_first(self, first: Option<FirstPlace>) -> Dnn {
        Dnn { first, ..self }
    }

    /// The learned numbers of one network.
    pub(super) fn member(&self, member: usize) -> &[Vec<f32>] {
        let count = self.shape.parameters().len() / self.shape.members.max(1);
        self.parameters.get(member * count..(member + 1) * count).unwrap_or_default()
    }

    /// Whether it can score a log: one with the domains it was trained on.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it can't.
    pub fn check(&self, history: &History) -> Result<()> {
        let fits = self.prior.popularity.len() == history.domains()
            && self.scale.width() == Features::width()
            && self.shape.features == Features::width()
            && self.train_end <= history.windows().len()
            && self.options.candidates > 0
            && (self.shape.embedding == 0 || self.shape.domains == history.domains());
        if fits { Ok(()) } else { Err(Error::Checkpoint { hint: "it was trained on another log".into() }) }
    }

    /// Calls `visit` with the number of each request and its shares over all domains (they sum to 1), from what lies
    /// before the window. The candidates share out their prior mass by the softmax of their scores; the others keep
    /// theirs.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] as [`Dnn::check`], [`Error::Device`], [`Error::Cancelled`].
    pub async fn each_shares(
        &self,
        (log, history): (&Log, &History),
        requests: &[(u32, usize)],
        device: &Device,
        observer: &mut impl Observer,
        mut visit: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        self.check(history)?;
        let features = Features::new(log, history, &self.prior)?.with_crowd(self.options.crowd);
        let ranker = Ranker::new(&history.sum(0..self.train_end));
        let parameters = Parameters::new(&self.shape.parameters(), &self.parameters, device)?;
        for (chunk, some) in requests.chunks(CHUNK).enumerate() {
            let done = chunk * CHUNK;
            let width = self.options.candidates;
            let mut batch = Batch::empty(width.min(history.domains()));
            let add = |&(user, window): &(u32, usize)| batch.add(&features, &ranker, user, window);
            let mut priors: Vec<Vec<f64>> = some.iter().map(add).collect();
            self.scale.apply(&mut batch.features);
            let scores = read(self.shape.scores(&parameters, batch.inputs(device))).await?;
            let rows = scores.chunks(batch.width).zip(batch.candidates.chunks(batch.width)).zip(&mut priors);
            for (index, ((scores, candidates), shares)) in rows.enumerate() {
                spread(scores, candidates, shares);
                if let (Some(first), Some(&request)) = (&self.first, some.get(index)) {
                    first.apply(history, request, shares);
                }
                visit(done + index, shares);
            }
            observer.progress(TrainingProgress {
                stage: "evaluate",
                model: None,
                done,
                total: requests.len(),
                point: None,
            });
            observer.pause().await;
            if observer.cancelled() {
                return Err(Error::Cancelled);
            }
        }
        Ok(())
    }
}

/// Shares the candidates' mass out by the softmax of their scores.
pub(super) fn spread(scores: &[f32], candidates: &[u32], shares: &mut [f64]) {
    let mass: f64 = candidates.iter().map(|&domain| shares[domain as usize]).sum();
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> = scores.iter().map(|&score| libm::exp(f64::from(score - largest))).collect();
    let total: f64 = powers.iter().sum();
    for (&domain, power) in candidates.iter().zip(&powers) {
        shares[domain as usize] = mass * power / total;
    }
}
