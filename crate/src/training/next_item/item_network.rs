//! The network that orders a user's candidates.

use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax};
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::{EVIDENCE, HeldOut, Lists, RELATIONS, Relations, cancellable};
use crate::{
    Error, Result,
    nn::{Convolution, GraphInputs, Inputs, Parameters, Shape, Sparse, read},
    training::{FeatureScale, Objective, Observer, Schedule, Start, batch::dropout, descend},
};

/// score(u, i) = a · ln(share(u, i) + ε) + f(x(u, i)), with share(u, i) the weighted sum of the members' scores over the
/// user's largest, and x the [`Evidence`](super::Evidence), each number v as sgn(v) ln(1 + 10 |v|), standardised.
///
/// f is a perceptron of the pair alone ([`Shape`]), or two layers of graph convolution among the user's candidates
/// ([`Convolution`]): what goes with other good candidates is a better one. Neither knows an item, a user or an attribute,
/// so that what was learned on one log can be carried to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemNetwork {
    body: Body,
    scale: FeatureScale,
    /// The epoch that was kept, counted from 1.
    epoch: usize,
    parameters: Vec<Vec<f32>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Body {
    Pairs(Shape),
    Graph(Convolution),
}

/// How long and how fast to train.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItemTuning {
    /// Passes over the lists.
    pub epochs: usize,
    /// Learning rate at the start; it falls to 0 along a cosine.
    pub rate: f64,
    /// Decides everything that is random.
    pub seed: u64,
}

impl ItemTuning {
    /// From nothing.
    pub fn usual(seed: u64) -> ItemTuning {
        ItemTuning { epochs: 8, rate: 3e-3, seed }
    }
}

/// Lists of candidates as they stand in rows: evidence and items of each, by user.
pub(super) type Rows<'a> = (&'a [f32], &'a [u32]);

/// What decides which epoch is kept.
#[derive(Debug, Clone, Copy)]
pub(super) enum Keep<'a> {
    /// The best on validation: lists that hold the target, of so many users.
    Best(&'a HeldOut, usize),
    /// One that was chosen before.
    Epoch(usize),
}

const HIDDEN: usize = 32;
const MESSAGE: usize = 16;
const DROPOUT: f64 = 0.1;
const WEIGHT_DECAY: f64 = 1e-3;
/// Lists in a step.
const BATCH: usize = 64;
/// Added to a share before its logarithm is taken.
const EPSILON: f32 = 0.01;

impl ItemNetwork {
    /// Untrained, for the scale of some lists; `graph`: with a convolution among the candidates.
    pub fn untrained(held_out: &Lists, graph: bool, seed: u64) -> ItemNetwork {
        let shape = Shape { features: EVIDENCE, hidden: HIDDEN, embedding: 0, domains: 0, members: 1 };
        let convolution = Convolution {
            target: EVIDENCE,
            node: EVIDENCE,
            relations: RELATIONS,
            hidden: HIDDEN,
            message: MESSAGE,
            embedding: 0,
            domains: 0,
        };
        let body = if graph { Body::Graph(convolution) } else { Body::Pairs(shape) };
        ItemNetwork { body, scale: scale(held_out), epoch: 0, parameters: body.init(seed) }
    }

    /// The same network for another log, whose evidence has another scale. Looks at no target.
    pub fn carried_to(&self, lists: &Lists) -> ItemNetwork {
        ItemNetwork { scale: scale(lists), ..self.clone() }
    }

    /// The learned numbers.
    pub fn parameters(&self) -> &[Vec<f32>] {
        &self.parameters
    }

    /// The same network with other numbers.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where they don't fit.
    pub fn with_parameters(&self, parameters: Vec<Vec<f32>>) -> Result<ItemNetwork> {
        let fits = self.parameters.len() == parameters.len()
            && self.parameters.iter().zip(&parameters).all(|(own, other)| own.len() == other.len());
        if fits {
            return Ok(ItemNetwork { parameters, ..self.clone() });
        }
        Err(Error::Checkpoint { hint: "its numbers don't fit the shape of its network".into() })
    }

    /// Whether it convolves.
    pub fn convolves(&self) -> bool {
        matches!(self.body, Body::Graph(_))
    }

    /// The epoch that was kept, counted from 1; 0 for a network that was not trained here.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.parameters.iter().map(Vec::len).sum()
    }

    /// Trains on from here: softmax cross-entropy of what came next among the candidates of its list.
    ///
    /// # Errors
    /// [`Error::NotEnough`] without lists; as [`descend`].
    pub(super) async fn train(
        &self,
        held_out: &HeldOut,
        keep: Keep<'_>,
        tuning: ItemTuning,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<ItemNetwork> {
        if held_out.len() == 0 {
            return Err(Error::NotEnough { what: "training", hint: "no next item is among the candidates".into() });
        }
        let ItemTuning { epochs, rate, seed } = tuning;
        let given = if let Keep::Epoch(epoch) = keep { Some(epoch) } else { None };
        let patience = if given.is_some() { 1 } else { epochs };
        let schedule = Schedule { epochs, learning_rate: rate, weight_decay: WEIGHT_DECAY, patience, seed };
        let shapes = self.body.parameters();
        let start = Start { shapes: &shapes, values: self.parameters.clone(), settings: Vec::new(), resume: None };
        let chosen = held_out.lists.iter().map(|(rows, chosen)| chosen - rows.start);
        let lists = held_out.rows().zip(chosen).collect();
        let order = (0..held_out.len() as u32).collect();
        let mut objective = Choice { network: self, held_out, lists, keep, done: 0, order };
        let descended = descend(&mut objective, start, &schedule, device, observer).await?;
        let epoch = given.unwrap_or_else(|| descended.best_epoch());
        Ok(ItemNetwork { epoch, parameters: descended.values, ..self.clone() })
    }

    /// Scores of the candidates of each list.
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`Error::Device`].
    pub(super) async fn scores(
        &self,
        lists: &[Rows<'_>],
        relations: &Relations,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<Vec<Vec<f32>>> {
        let parameters = Parameters::new(&self.body.parameters(), &self.parameters, device)?;
        let mut scores = Vec::with_capacity(lists.len());
        for some in lists.chunks(BATCH) {
            let batch = self.batch(some, relations);
            let all = read(self.body.scores(&parameters, &batch, None, device)?).await?;
            scores.extend(some.iter().zip(all.chunks(batch.width)).map(|(list, row)| row[..list.1.len()].to_vec()));
            cancellable(observer).await?;
        }
        Ok(scores)
    }

    /// NDCG@10 over `users` users, of whom those that are not in the lists gain nothing.
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`Error::Device`].
    pub(super) async fn judge(
        &self,
        judges: &HeldOut,
        users: usize,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<f64> {
        let lists: Vec<Rows<'_>> = judges.rows().collect();
        let scores = self.scores(&lists, &judges.relations, device, observer).await?;
        let gains = judges.lists.iter().zip(&scores).map(|((rows, chosen), scores)| gain(scores, chosen - rows.start));
        Ok(gains.sum::<f64>() / users.max(1) as f64)
    }

    /// Lists as matrices; shorter ones are filled up with zeros.
    fn batch(&self, lists: &[Rows<'_>], relations: &Relations) -> Batch {
        let width = lists.iter().map(|list| list.1.len()).max().unwrap_or(0).max(1);
        let (mut features, mut log_prior) = (Vec::new(), Vec::new());
        for (numbers, items) in lists {
            let mut own: Vec<f32> = numbers.iter().map(|&number| compressed(number)).collect();
            self.scale.apply(&mut own);
            features.append(&mut own);
            features.extend(std::iter::repeat_n(0.0, (width - items.len()) * EVIDENCE));
            log_prior.extend(numbers.chunks_exact(EVIDENCE).map(|row| libm::logf(row[0].max(0.0) + EPSILON)));
            log_prior.extend(std::iter::repeat_n(0.0, width - items.len()));
        }
        let edges = match self.body {
            Body::Pairs(_) => Vec::new(),
            Body::Graph(_) => relations.within(&lists.iter().map(|list| list.1).collect::<Vec<_>>(), width).to_vec(),
        };
        Batch { len: lists.len(), width, features, log_prior, edges }
    }
}

/// Lists × candidates.
struct Batch {
    len: usize,
    width: usize,
    features: Vec<f32>,
    log_prior: Vec<f32>,
    edges: Vec<crate::graph::Csr>,
}

impl Body {
    fn parameters(&self) -> Vec<[usize; 2]> {
        match self {
            Body::Pairs(shape) => shape.parameters(),
            Body::Graph(convolution) => convolution.parameters(),
        }
    }

    fn init(&self, seed: u64) -> Vec<Vec<f32>> {
        match self {
            Body::Pairs(shape) => shape.init(seed),
            Body::Graph(convolution) => convolution.init(seed),
        }
    }

    /// \[lists, candidates\].
    fn scores(
        &self,
        parameters: &Parameters,
        batch: &Batch,
        masks: Option<[Tensor<3>; 2]>,
        device: &Device,
    ) -> Result<Tensor<2>> {
        let tensor =
            |values: &[f32], size: [usize; 2]| Tensor::<2>::from_data(TensorData::new(values.to_vec(), size), device);
        let features = tensor(&batch.features, [batch.len * batch.width, EVIDENCE]);
        let log_prior = tensor(&batch.log_prior, [batch.len, batch.width]);
        match self {
            Body::Pairs(shape) => {
                Ok(shape.scores(parameters, Inputs { features, log_prior, dropout: masks.into_iter().collect() }))
            }
            Body::Graph(convolution) => {
                let edges = batch.edges.iter().map(|edges| Sparse::new(edges, device)).collect::<Result<_>>()?;
                let inputs = GraphInputs { targets: features.clone(), nodes: features, edges, log_prior };
                let hidden = convolution.hidden(parameters, 0, &inputs, masks);
                Ok(convolution.scores(parameters, 0, hidden, inputs.log_prior))
            }
        }
    }
}

/// Scores of members have long tails.
fn compressed(number: f32) -> f32 {
    libm::log1pf(10.0 * number.abs()).copysign(number)
}

fn scale(lists: &Lists) -> FeatureScale {
    let (mut sum, mut squares) = (vec![0.0; EVIDENCE], vec![0.0; EVIDENCE]);
    for row in lists.features.chunks_exact(EVIDENCE) {
        for ((&number, sum), square) in row.iter().zip(&mut sum).zip(&mut squares) {
            let value = f64::from(compressed(number));
            *sum += value;
            *square += value * value;
        }
    }
    FeatureScale::from_sums(&sum, &squares, lists.rows().max(1) as f64)
}

/// Cross-entropy of what came next among the candidates of its list.
struct Choice<'a> {
    network: &'a ItemNetwork,
    held_out: &'a HeldOut,
    /// Rows, and which of them was chosen.
    lists: Vec<(Rows<'a>, usize)>,
    keep: Keep<'a>,
    done: usize,
    order: Vec<u32>,
}

/// Scores of what is no candidate.
const NEVER: f32 = -1e4;

impl Objective for Choice<'_> {
    fn steps(&self) -> usize {
        self.order.len().div_ceil(BATCH)
    }

    fn begin_epoch(&mut self, random: &mut Pcg64Mcg) {
        self.order.sort_unstable();
        self.order.shuffle(random);
    }

    fn loss(
        &mut self,
        parameters: &Parameters,
        step: usize,
        random: &mut Pcg64Mcg,
        device: &Device,
    ) -> Result<Tensor<1>> {
        let indices = self.order.chunks(BATCH).nth(step).unwrap_or_default();
        let some: Vec<Rows<'_>> = indices.iter().map(|&index| self.lists[index as usize].0).collect();
        let batch = self.network.batch(&some, &self.held_out.relations);
        let mut mask = || dropout(random, DROPOUT, batch.len, HIDDEN, device);
        let masks = Some([mask(), mask()]);
        let scores = self.network.body.scores(parameters, &batch, masks, device)?;
        let (mut chosen, mut never) = (vec![0.0; batch.len * batch.width], vec![0.0; batch.len * batch.width]);
        let cells = chosen.chunks_mut(batch.width).zip(never.chunks_mut(batch.width));
        for ((&index, list), (chosen, never)) in indices.iter().zip(&some).zip(cells) {
            chosen[self.lists[index as usize].1] = 1.0;
            never[list.1.len()..].fill(NEVER);
        }
        let size = [batch.len, batch.width];
        let tensor = |values: Vec<f32>| Tensor::<2>::from_data(TensorData::new(values, size), device);
        Ok((log_softmax(scores + tensor(never), 1) * tensor(chosen)).sum().div_scalar(-(batch.len as f32)))
    }

    async fn validate(&mut self, values: &[Vec<f32>], device: &Device, observer: &mut impl Observer) -> Result<f64> {
        self.done += 1;
        let (judges, users) = match self.keep {
            Keep::Best(lists, users) => (lists, users),
            // The later the better, up to the one that is kept.
            Keep::Epoch(epoch) => return Ok(if self.done <= epoch { self.done as f64 } else { -1.0 }),
        };
        let network = ItemNetwork { parameters: values.to_vec(), ..self.network.clone() };
        network.judge(judges, users, device, observer).await
    }
}

/// 1/log2(rank + 1) of the candidate at `at` among the first ten, else 0; among equals the earlier candidate is first.
pub(super) fn gain(scores: &[f32], at: usize) -> f64 {
    let before = |(other, &score): (usize, &f32)| score > scores[at] || (score == scores[at] && other < at);
    let ahead = scores.iter().enumerate().filter(|&one| before(one)).count();
    if ahead < 10 { 1.0 / libm::log2((ahead + 2) as f64) } else { 0.0 }
}
