//! Logs to learn from, and the objective over all of them.

use burn::tensor::{Device, Tensor, TensorData};
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use crate::{
    Error, Result,
    event::Log,
    nn::{Parameters, Shape},
    training::{
        Dnn, DnnOptions, FeatureScale, Features, History, Instance, Objective, Observer, Prior, Ranker, Split,
        batch::{dropout, listwise},
        examples::Examples,
        split::MIN_EVENTS,
    },
};

/// A log to learn from, with its windows' use and its prior.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// A sorted log.
    pub log: &'a Log,
    /// Its counts.
    pub history: &'a History,
    /// Which windows are learned from and which choose.
    pub split: &'a Split,
    /// The prior that the network is a residual on.
    pub prior: &'a Prior,
    /// Settings for a log of its size: batch, candidates, events that an instance needs.
    pub options: &'a DnnOptions,
}

/// What the features of a source's instances are computed with.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub source: Source<'a>,
    features: Features<'a>,
    ranker: Ranker,
}

/// Instances that a log's scale is taken from, at most; fewer than the second number say nothing.
const SCALED: usize = 2000;
const FEWEST_SCALED: usize = 20;

impl<'a> Reader<'a> {
    pub fn new(source: Source<'a>) -> Result<Reader<'a>> {
        let Source { log, history, split, prior, .. } = source;
        let features = Features::new(log, history, prior)?;
        Ok(Reader { source, features, ranker: Ranker::new(&history.sum(split.train.clone())) })
    }

    fn train(&self) -> Vec<Instance> {
        let Source { history, split, options, .. } = self.source;
        history.instances(split.train.clone(), options.min_events, options.min_events)
    }

    /// Means and deviations of the raw features of some train instances: how the log's numbers lie, whatever its windows'
    /// length and number of domains. Looks at no label. `fallback`: where there are too few.
    pub async fn scale(&self, fallback: &FeatureScale, observer: &mut impl Observer) -> Result<FeatureScale> {
        let some = thinned(self.train(), SCALED);
        if some.len() < FEWEST_SCALED {
            return Ok(fallback.clone());
        }
        let width = self.source.options.train_candidates;
        Ok(Examples::new(&self.features, &self.ranker, some, width, None, observer).await?.scale)
    }

    /// The network on this log.
    pub fn dnn(&self, shape: Shape, scale: FeatureScale, parameters: Vec<Vec<f32>>) -> Dnn {
        let Source { split, prior, options, .. } = self.source;
        let options = DnnOptions { members: shape.members, hidden: shape.hidden, ..options.clone() };
        Dnn {
            options,
            shape,
            scale,
            prior: prior.clone(),
            train_end: split.train.end,
            learned: split.train.end,
            parameters,
            first: None,
        }
    }
}

/// At most `count` instances, evenly spread over users and windows.
fn thinned(instances: Vec<Instance>, count: usize) -> Vec<Instance> {
    let stride = instances.len().div_ceil(count.max(1)).max(1);
    instances.into_iter().step_by(stride).collect()
}

/// The instances of a source with their features.
#[derive(Debug)]
pub(super) struct Lesson<'a> {
    ranker: &'a Ranker,
    train: Examples<'a>,
    validation: Examples<'a>,
    pub dnn: Dnn,
}

impl<'a> Lesson<'a> {
    /// `most`: train and validation instances, at most. The scale is the log's own.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where there is nothing to learn from or to choose on; [`Error::Cancelled`].
    pub async fn new(
        reader: &'a Reader<'a>,
        shape: Shape,
        fallback: &FeatureScale,
        most: [usize; 2],
        observer: &mut impl Observer,
    ) -> Result<Lesson<'a>> {
        let Reader { source, features, ranker } = reader;
        let Source { history, split, options, .. } = *source;
        let train = thinned(reader.train(), most[0]);
        let validation = history.instances(split.validation.clone(), MIN_EVENTS, MIN_EVENTS);
        if train.is_empty() || validation.is_empty() {
            let hint = format!("{} users and windows to learn from, {} to choose on", train.len(), validation.len());
            return Err(Error::NotEnough { what: "training", hint });
        }
        let scale = reader.scale(fallback, observer).await?;
        let own = Some(scale.clone());
        let train = Examples::new(features, ranker, train, options.train_candidates, own.clone(), observer).await?;
        let validation = thinned(validation, most[1]);
        let validation = Examples::new(features, ranker, validation, options.candidates, own, observer).await?;
        Ok(Lesson { ranker, train, validation, dnn: reader.dnn(shape, scale, Vec::new()) })
    }

    fn steps(&self, cap: usize) -> usize {
        self.train.instances.len().div_ceil(self.dnn.options.batch).min(cap)
    }
}

/// Listwise soft cross-entropy (ListNet, Cao et al. 2007) of one network on several logs. Each step looks at one log; logs
/// take turns at random, none more than `cap` steps in an epoch, so that a large one does not drown the others.
#[derive(Debug)]
pub(super) struct Curriculum<'a> {
    pub lessons: Vec<Lesson<'a>>,
    pub cap: usize,
    /// The steps of an epoch: a lesson and its instances.
    plan: Vec<(usize, Vec<u32>)>,
}

impl<'a> Curriculum<'a> {
    pub fn new(lessons: Vec<Lesson<'a>>, cap: usize) -> Curriculum<'a> {
        Curriculum { lessons, cap: cap.max(1), plan: Vec::new() }
    }
}

impl Objective for Curriculum<'_> {
    fn steps(&self) -> usize {
        self.lessons.iter().map(|lesson| lesson.steps(self.cap)).sum()
    }

    fn begin_epoch(&mut self, random: &mut Pcg64Mcg) {
        self.plan.clear();
        for (index, lesson) in self.lessons.iter().enumerate() {
            let mut order: Vec<u32> = (0..lesson.train.instances.len() as u32).collect();
            order.shuffle(random);
            let chunks = order.chunks(lesson.dnn.options.batch).take(lesson.steps(self.cap));
            self.plan.extend(chunks.map(|chunk| (index, chunk.to_vec())));
        }
        self.plan.shuffle(random);
    }

    fn loss(
        &mut self,
        parameters: &Parameters,
        step: usize,
        random: &mut Pcg64Mcg,
        device: &Device,
    ) -> Result<Tensor<1>> {
        let planned = self.plan.get(step).and_then(|(index, places)| Some((self.lessons.get(*index)?, places)));
        let Some((Lesson { train, dnn: Dnn { options, shape, .. }, .. }, places)) = planned else {
            return Err(Error::State { hint: "a step beyond the epoch's last".into() });
        };
        let some: Vec<&Instance> = places.iter().filter_map(|&place| train.instances.get(place as usize)).collect();
        let batch = train.batch(places);
        let mut inputs = batch.inputs(device);
        if options.dropout > 0.0 {
            let mut mask = || dropout(random, options.dropout, batch.len, shape.hidden, device);
            inputs.dropout = (0..shape.members).map(|_| [mask(), mask()]).collect();
        }
        let targets = batch.targets(train.features().history(), &some, options.temperature);
        let targets = Tensor::<2>::from_data(TensorData::new(targets, [batch.len, batch.width]), device);
        let scores = shape.member_scores(parameters, inputs).into_iter();
        Ok(listwise(scores, targets, options.temperature))
    }

    /// The mean over the logs, each counting the same.
    async fn validate(&mut self, values: &[Vec<f32>], device: &Device, observer: &mut impl Observer) -> Result<f64> {
        let mut sum = 0.0;
        for Lesson { ranker, validation, dnn, .. } in &self.lessons {
            let parameters = Parameters::new(&dnn.shape.parameters(), values, device)?;
            sum += validation.mean_ndcg((&dnn.shape, &parameters), &dnn.prior, ranker, device, observer).await?;
        }
        Ok(sum / self.lessons.len().max(1) as f64)
    }
}
