//! A trained graph network with everything it needs to score.

use serde::{Deserialize, Serialize};

use super::{
    GnnOptions, GraphOptions,
    batch::{GraphBatch, GraphScale},
    snapshot::{Snapshots, hop_width, node_width},
};
use crate::{
    Error, Result,
    event::Log,
    nn::{Device, Fusion, Parameters, read},
    training::{
        Features, FirstPlace, History, Observer, Prior, Ranker, TrainingProgress,
        batch::Batch,
        dnn::{CHUNK, spread},
    },
};

/// The networks' numbers, the inputs' scale and the prior they are a residual on: graph convolutions, or their fusions
/// with a network of own features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gnn {
    pub(super) options: GnnOptions,
    pub(super) shape: Fusion,
    pub(super) scale: GraphScale,
    pub(super) prior: Prior,
    /// Windows that popularity among equals comes from: `0..train_end`.
    pub(super) train_end: usize,
    /// Windows whose instances the parameters come from: `0..learned`.
    pub(super) learned: usize,
    /// All members' parameters, one member after the other.
    pub(super) parameters: Vec<Vec<f32>>,
    /// Who is named first, where shares alone don't decide.
    #[serde(default)]
    pub(super) first: Option<FirstPlace>,
}

/// Numbers of a pair's own features, of a target and of a node.
pub(super) fn input_widths(options: &GraphOptions) -> (usize, usize, usize) {
    (Features::width(), Features::width() + hop_width(options), node_width(options))
}

impl Gnn {
    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.options.members * self.shape.parameter_count()
    }

    /// The prior it starts from.
    pub fn prior(&self) -> &Prior {
        &self.prior
    }

    /// The settings it was trained with.
    pub fn options(&self) -> &GnnOptions {
        &self.options
    }

    /// The learned numbers, one member after the other.
    pub fn parameters(&self) -> &[Vec<f32>] {
        &self.parameters
    }

    /// Who is named first, where shares alone don't decide.
    pub fn first(&self) -> Option<&FirstPlace> {
        self.first.as_ref()
    }

    /// The same model with another rule for the first place.
    pub fn with_first(self, first: Option<FirstPlace>) -> Gnn {
        Gnn { first, ..self }
    }

    /// The learned numbers of one member.
    pub(super) fn member(&self, member: usize) -> &[Vec<f32>] {
        let count = self.shape.parameters().len();
        self.parameters.get(member * count..(member + 1) * count).unwrap_or_default()
    }

    /// (rows, columns) of each parameter of all members.
    pub(super) fn shapes(&self) -> Vec<[usize; 2]> {
        std::iter::repeat_n(self.shape.parameters(), self.options.members).flatten().collect()
    }

    /// Whether it can score a log: one with the domains it was trained on.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it can't.
    pub fn check(&self, history: &History) -> Result<()> {
        let graph = &self.options.graph;
        let fits = self.prior.popularity.len() == history.domains()
            && self.options.members > 0
            && self.options.dnn.candidates > 0
            && self.scale.own.width() == Features::width()
            && self.scale.hop.width() == hop_width(graph)
            && self.scale.node.width() == node_width(graph)
            && self.shape == self.options.shape(input_widths(graph), self.shape.graph.domains)
            && (self.shape.graph.embedding == 0 || self.shape.graph.domains == history.domains())
            && self.train_end <= history.windows().len();
        if fits { Ok(()) } else { Err(Error::Checkpoint { hint: "it was trained on another log".into() }) }
    }

    /// Calls `visit` with the number of each request and its shares over all domains (they sum to 1), from what lies
    /// before the window. The candidates share out their prior mass by the softmax of the members' mean score; the others
    /// keep theirs.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] as [`Gnn::check`], [`Error::Device`], [`Error::Cancelled`].
    pub async fn each_shares(
        &self,
        data: (&Log, &History),
        requests: &[(u32, usize)],
        device: &Device,
        observer: &mut impl Observer,
        mut visit: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        let parameters = Parameters::new(&self.shapes(), &self.parameters, device)?;
        self.each_batch(data, requests, observer, async |first, batch, priors| {
            let scores = read(self.mean_scores(&parameters, batch, device)?).await?;
            let rows = scores.chunks(batch.own.width).zip(batch.own.candidates.chunks(batch.own.width)).zip(priors);
            for (index, ((scores, candidates), shares)) in rows.enumerate() {
                spread(scores, candidates, shares);
                if let (Some(rule), Some(&request)) = (&self.first, requests.get(first + index)) {
                    rule.apply(data.1, request, shares);
                }
                visit(first + index, shares);
            }
            Ok(())
        })
        .await
    }

    /// What users are to the network: for each request the mean of the first member's hidden states over the candidates,
    /// weighted by the prior's shares. Users who are about to do alike lie close together.
    ///
    /// # Errors
    /// As [`Gnn::each_shares`].
    pub async fn user_embeddings(
        &self,
        data: (&Log, &History),
        requests: &[(u32, usize)],
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<Vec<Vec<f32>>> {
        let parameters = Parameters::new(&self.shapes(), &self.parameters, device)?;
        let width = self.shape.graph.hidden;
        let mut out = Vec::with_capacity(requests.len());
        self.each_batch(data, requests, observer, async |_, batch, priors| {
            let hidden = read(self.shape.hidden(&parameters, 0, &batch.inputs(device)?, None)).await?;
            let lists = hidden.chunks(width * batch.own.width).zip(batch.own.candidates.chunks(batch.own.width));
            for ((states, candidates), shares) in lists.zip(priors) {
                let total: f64 = candidates.iter().map(|&domain| shares[domain as usize]).sum();
                let mut mean = vec![0.0_f32; width];
                for (state, &domain) in states.chunks(width).zip(candidates) {
                    let weight = (shares[domain as usize] / total.max(f64::MIN_POSITIVE)) as f32;
                    mean.iter_mut().zip(state).for_each(|(mean, value)| *mean += weight * value);
                }
                out.push(mean);
            }
            Ok(())
        })
        .await?;
        Ok(out)
    }

    /// Mean of the members' scores, \[batch, candidates\].
    pub(super) fn mean_scores(
        &self,
        parameters: &Parameters,
        batch: &GraphBatch,
        device: &Device,
    ) -> Result<burn::tensor::Tensor<2>> {
        let inputs = batch.inputs(device)?;
        let count = self.shape.parameters().len();
        let scores = (0..self.options.members).map(|one| self.shape.scores(parameters, one * count, &inputs, None));
        let sum = scores.reduce(|sum, one| sum + one).unwrap_or_else(|| inputs.log_prior.clone());
        Ok(sum.div_scalar(self.options.members.max(1) as f32))
    }

    /// Calls `visit` with some requests at a time: the number of the first, their scaled matrices, and their priors.
    async fn each_batch(
        &self,
        (log, history): (&Log, &History),
        requests: &[(u32, usize)],
        observer: &mut impl Observer,
        mut visit: impl AsyncFnMut(usize, &GraphBatch, &mut [Vec<f64>]) -> Result<()>,
    ) -> Result<()> {
        self.check(history)?;
        let graph = &self.options.graph;
        let snapshots = Snapshots::build((log, history), requests.iter().copied(), graph, observer).await?;
        let features = Features::new(log, history, &self.prior)?;
        let ranker = Ranker::new(&history.sum(0..self.train_end));
        let width = self.options.dnn.candidates.min(history.domains());
        for (chunk, some) in requests.chunks(CHUNK).enumerate() {
            let mut own = Batch::empty(width);
            let add = |&(user, window): &(u32, usize)| own.add(&features, &ranker, user, window);
            let mut priors: Vec<Vec<f64>> = some.iter().map(add).collect();
            self.scale.own.apply(&mut own.features);
            let batch = GraphBatch::new(own, None, &snapshots, some, history.domains(), graph)?.scaled(&self.scale);
            let done = chunk * CHUNK;
            visit(done, &batch, &mut priors).await?;
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
