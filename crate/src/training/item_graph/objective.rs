//! What the graph network minimises.

use burn::tensor::{Device, Tensor, TensorData};
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use super::{
    ItemGraphData, ItemGraphModel,
    model::on_device,
    pools::{graph, pools},
};
use crate::{
    Error, Result,
    nn::{DIRECTIONS, Dropout, Parameters, Sparse, candidate_scores, softmax_loss, target_scores},
    training::{
        Objective, Observer,
        sequence::{Sampler, Validation},
    },
};

/// One next item: that at `place` of a user's sequence, after those before it.
#[derive(Debug, Clone, Copy)]
struct Example {
    user: u32,
    place: u32,
}

/// Every next item of the train sequences.
#[derive(Debug)]
pub(super) struct ItemGraph<'a> {
    model: ItemGraphModel,
    data: ItemGraphData<'a>,
    validation: Validation<'a>,
    sampler: Sampler,
    steps: usize,
    /// The users' part of each epoch.
    fold: Vec<usize>,
    /// What is learned in each part.
    examples: Vec<Vec<Example>>,
    /// The part whose graph is on the device, and what the items are made of.
    loaded: Option<(usize, [Sparse; DIRECTIONS], Sparse)>,
}

impl<'a> ItemGraph<'a> {
    /// With `epochs`, that epoch is kept instead of the one that is best on validation.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where no user has two events; [`Error::Parameter`] without pools.
    pub fn new(
        model: &ItemGraphModel,
        data: ItemGraphData<'a>,
        epochs: Option<usize>,
        done: usize,
    ) -> Result<ItemGraph<'a>> {
        let options = model.options();
        let examples: usize = data.train.iter().map(|sequence| sequence.items.len().saturating_sub(1)).sum();
        if examples == 0 {
            return Err(Error::NotEnough { what: "training", hint: "no user has two events in a row".into() });
        }
        if options.decays.is_empty() || options.folds < 2 {
            let hint = "there must be a pool and two parts of the users".into();
            return Err(Error::Parameter { name: "decays, folds", hint });
        }
        let steps = examples.div_ceil(options.batch.max(1) * options.folds);
        let sampler = Sampler::new(&data.train.counts(), options.popularity);
        Ok(ItemGraph {
            model: model.clone(),
            data,
            validation: Validation::new(data.train, data.validation, epochs, done),
            sampler,
            steps,
            fold: Vec::new(),
            examples: Vec::new(),
            loaded: None,
        })
    }

    /// The examples of a step, and their part.
    fn batch(&self, step: usize) -> (usize, &[Example]) {
        let fold = step / self.steps;
        let own = self.examples.get(fold).map_or(&[][..], Vec::as_slice);
        let size = own.len().div_ceil(self.steps).max(1);
        (fold, own.chunks(size).nth(step % self.steps).unwrap_or_default())
    }
}

impl Objective for ItemGraph<'_> {
    fn steps(&self) -> usize {
        self.steps * self.model.options().folds
    }

    fn begin_epoch(&mut self, random: &mut Pcg64Mcg) {
        let folds = self.model.options().folds;
        self.fold = (0..self.data.train.users()).map(|user| user % folds).collect();
        self.fold.shuffle(random);
        self.examples = vec![Vec::new(); folds];
        for (user, sequence) in self.data.train.iter().enumerate() {
            let places = 1..sequence.items.len() as u32;
            self.examples[self.fold[user]].extend(places.map(|place| Example { user: user as u32, place }));
        }
        self.examples.iter_mut().for_each(|own| own.shuffle(random));
        self.loaded = None;
    }

    fn loss(
        &mut self,
        parameters: &Parameters,
        step: usize,
        random: &mut Pcg64Mcg,
        device: &Device,
    ) -> Result<Tensor<1>> {
        let (fold, _) = self.batch(step);
        let (graph, made_of) = match self.loaded.take() {
            Some((loaded, graph, made_of)) if loaded == fold => (graph, made_of),
            _ => {
                let others = graph(self.data.train, self.model.options(), |user| self.fold[user as usize] != fold);
                (on_device(&others, device)?, self.model.made_of(device)?)
            }
        };
        let options = self.model.options();
        let (_, examples) = self.batch(step);
        let shape = self.model.shape();
        let items = shape.items(parameters, &made_of, &graph, &mut Dropout::new(random, options.dropout));
        let sequence = |example: &Example| self.data.train.user(example.user as usize).items;
        // A part that is smaller than the others may have nothing left for its last step: then nothing is learned.
        let (pasts, targets): (Vec<&[u32]>, Vec<u32>) = if examples.is_empty() {
            (vec![&[]], vec![0])
        } else {
            examples.iter().map(|one| (&sequence(one)[..one.place as usize], sequence(one)[one.place as usize])).unzip()
        };
        let weight = if examples.is_empty() { 0.0 } else { 1.0 };
        let pools = pools(&pasts, shape.items, &options.decays, device)?;
        let none = || Error::Parameter { name: "decays", hint: "a user needs at least one pool".into() };
        let users = shape.users(parameters, &items, &pools).ok_or_else(none)?;
        let rows = |of: &[u32]| -> Result<[Tensor<2>; 2]> {
            let gather = Sparse::gather(of, shape.items, device)?;
            Ok([gather.matmul(items.clone()), gather.matmul(shape.biases(parameters))])
        };
        let own = target_scores(users.clone(), rows(&targets)?);
        let weights = Tensor::<2>::full([targets.len(), 1], 1.0, device);
        let all = options.negatives >= shape.items;
        let loss = if all {
            let others = candidate_scores(users, [items.clone(), shape.biases(parameters)]);
            softmax_loss(own, others, true, weights)
        } else {
            let negatives = self.sampler.draw(options.negatives, random);
            let offsets = self.sampler.offsets(&negatives, &targets);
            let offsets = TensorData::new(offsets, [targets.len(), negatives.len()]);
            let others = candidate_scores(users, rows(&negatives)?) + Tensor::from_data(offsets, device);
            softmax_loss(own, others, false, weights)
        };
        self.loaded = Some((fold, graph, made_of));
        Ok(loss.mul_scalar(weight))
    }

    async fn validate(&mut self, values: &[Vec<f32>], device: &Device, observer: &mut impl Observer) -> Result<f64> {
        if let Some(given) = self.validation.given() {
            return Ok(given);
        }
        let model = self.model.with_parameters(values);
        let users = self.validation.users();
        let inputs = self.data.train;
        let validation = &mut self.validation;
        validation.begin();
        model.each_scores(inputs, &users, device, observer, |index, scores| validation.add(index, scores)).await?;
        Ok(validation.ndcg())
    }
}
