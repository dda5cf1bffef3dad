//! What graph networks are trained to do, and what they are trained on.

use burn::tensor::{Device, Tensor, TensorData};
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use super::{
    Gnn, GnnOptions, GraphOptions,
    batch::{GraphBatch, GraphScale, first_hops},
    snapshot::{Snapshots, hop_width, node_width},
};
use crate::{
    Error, Result,
    event::Log,
    nn::{Parameters, read},
    training::{
        FeatureScale, Features, History, Instance, Objective, Observer, Ranker, TOP,
        batch::{dropout, listwise},
        dnn::{CHUNK, spread},
        examples::Examples,
        ndcg,
    },
};

/// Train and validation instances with their features and graphs.
pub(super) struct Ground<'a> {
    ranker: &'a Ranker,
    snapshots: Snapshots,
    train: Examples<'a>,
    validation: Examples<'a>,
    /// First hops of all candidates of the train and of the validation instances, raw, where their features are kept, too.
    hops: [Option<Vec<f32>>; 2],
    pub scale: GraphScale,
}

/// Train instances that the scales of the graph are taken from, at most.
const MAX_SCALE: usize = 2000;

impl<'a> Ground<'a> {
    /// Of `train` instances and `validation`, which may be empty; without a `scale`, that of the train instances is taken.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub async fn new(
        data: (&Log, &History),
        (train, validation): (Vec<Instance>, Vec<Instance>),
        (features, ranker): (&'a Features<'a>, &'a Ranker),
        options: &GnnOptions,
        scale: Option<GraphScale>,
        observer: &mut impl Observer,
    ) -> Result<Ground<'a>> {
        let (dnn, graph) = (&options.dnn, &options.graph);
        let requests = train.iter().chain(&validation).map(|instance| (instance.user, instance.window));
        let snapshots = Snapshots::build(data, requests, graph, observer).await?;
        let own = scale.as_ref().map(|scale| scale.own.clone());
        let train = Examples::new(features, ranker, train, dnn.train_candidates, own, observer).await?;
        let own = train.scale.clone();
        let validation =
            Examples::new(features, ranker, validation, dnn.candidates, Some(own.clone()), observer).await?;
        let unscaled = scale.is_none();
        let mut ground = Ground {
            ranker,
            snapshots,
            train,
            validation,
            hops: [None, None],
            scale: scale.unwrap_or_else(|| GraphScale {
                own,
                hop: FeatureScale::identity(hop_width(graph)),
                node: FeatureScale::identity(node_width(graph)),
            }),
        };
        ground.hops = [
            kept_hops(&ground.train, &ground.snapshots, graph, observer).await?,
            kept_hops(&ground.validation, &ground.snapshots, graph, observer).await?,
        ];
        if !unscaled {
            return Ok(ground);
        }
        let count = ground.train.instances.len();
        let some: Vec<u32> = (0..count as u32).step_by(count.div_ceil(MAX_SCALE).max(1)).collect();
        let (mut hop, mut node) = (Sums::new(hop_width(graph)), Sums::new(node_width(graph)));
        for places in some.chunks(CHUNK) {
            let batch = ground.of_train(places, options)?;
            hop.add(&batch.hops);
            node.add(&batch.nodes);
            observer.pause().await;
            if observer.cancelled() {
                return Err(Error::Cancelled);
            }
        }
        (ground.scale.hop, ground.scale.node) = (hop.scale(), node.scale());
        Ok(ground)
    }

    /// Whether there is anyone to choose on.
    pub fn decides(&self) -> bool {
        !self.validation.instances.is_empty()
    }

    /// What a network without a graph is trained on here, and what decides, if anything does.
    pub fn pairs(&self) -> (&Ranker, &Examples<'a>, Option<&Examples<'a>>) {
        (self.ranker, &self.train, self.decides().then_some(&self.validation))
    }

    fn of_train(&self, places: &[u32], options: &GnnOptions) -> Result<GraphBatch> {
        self.batch(&self.train, self.hops[0].as_deref(), places, options)
    }

    fn of_validation(&self, places: &[u32], options: &GnnOptions) -> Result<GraphBatch> {
        self.batch(&self.validation, self.hops[1].as_deref(), places, options)
    }

    /// Some instances, by their place in `examples`, with what surrounds them; `hops`: the first hops of all.
    fn batch(
        &self,
        examples: &Examples<'_>,
        hops: Option<&[f32]>,
        places: &[u32],
        options: &GnnOptions,
    ) -> Result<GraphBatch> {
        let own = examples.batch(places);
        let width = own.width * hop_width(&options.graph);
        let hops = hops.map(|hops| {
            let rows =
                places.iter().filter_map(|&place| hops.get(place as usize * width..(place as usize + 1) * width));
            rows.flatten().copied().collect()
        });
        let (requests, domains) = (requests_of(examples, places), examples.features().history().domains());
        let batch = GraphBatch::new(own, hops, &self.snapshots, &requests, domains, &options.graph)?;
        Ok(batch.scaled(&self.scale))
    }
}

fn requests_of(examples: &Examples<'_>, places: &[u32]) -> Vec<(u32, usize)> {
    let instances = places.iter().filter_map(|&place| examples.instances.get(place as usize));
    instances.map(|one| (one.user, one.window)).collect()
}

/// The first hops of all candidates of all examples, raw, where their features are kept.
async fn kept_hops(
    examples: &Examples<'_>,
    snapshots: &Snapshots,
    graph: &GraphOptions,
    observer: &mut impl Observer,
) -> Result<Option<Vec<f32>>> {
    if !examples.is_kept() {
        return Ok(None);
    }
    let places: Vec<u32> = (0..examples.instances.len() as u32).collect();
    let mut hops = Vec::new();
    for some in places.chunks(CHUNK) {
        hops.extend(first_hops(&examples.batch(some), snapshots, &requests_of(examples, some), graph)?);
        observer.pause().await;
        if observer.cancelled() {
            return Err(Error::Cancelled);
        }
    }
    Ok(Some(hops))
}

/// The listwise loss of each member's scores.
pub(super) struct Listwise<'a> {
    pub ground: &'a Ground<'a>,
    pub gnn: Gnn,
    pub order: Vec<u32>,
}

impl Objective for Listwise<'_> {
    fn steps(&self) -> usize {
        self.ground.train.instances.len().div_ceil(self.gnn.options.dnn.batch)
    }

    fn begin_epoch(&mut self, random: &mut Pcg64Mcg) {
        self.order.clear();
        self.order.extend(0..self.ground.train.instances.len() as u32);
        self.order.shuffle(random);
    }

    fn loss(
        &mut self,
        parameters: &Parameters,
        step: usize,
        random: &mut Pcg64Mcg,
        device: &Device,
    ) -> Result<Tensor<1>> {
        let Gnn { options, shape, .. } = &self.gnn;
        let places = self.order.chunks(options.dnn.batch).nth(step).unwrap_or_default();
        let train = &self.ground.train;
        let some: Vec<&Instance> = places.iter().map(|&place| &train.instances[place as usize]).collect();
        let batch = self.ground.of_train(places, options)?;
        let inputs = batch.inputs(device)?;
        let (len, width) = (batch.own.len, batch.own.width);
        let targets = batch.own.targets(train.features().history(), &some, options.dnn.temperature);
        let targets = Tensor::<2>::from_data(TensorData::new(targets, [len, width]), device);
        let rate = options.dnn.dropout;
        let scores = (0..options.members).map(|member| {
            let mut mask = || dropout(random, rate, len, options.dnn.hidden, device);
            let masks = if rate > 0.0 { Some([mask(), mask()]) } else { None };
            shape.scores(parameters, member * shape.parameters().len(), &inputs, masks)
        });
        Ok(listwise(scores, targets, options.dnn.temperature))
    }

    async fn validate(&mut self, values: &[Vec<f32>], device: &Device, observer: &mut impl Observer) -> Result<f64> {
        let validation = &self.ground.validation;
        let history = validation.features().history();
        let parameters = Parameters::new(&self.gnn.shapes(), values, device)?;
        let places: Vec<u32> = (0..validation.instances.len() as u32).collect();
        let mut sum = 0.0;
        for some in places.chunks(CHUNK) {
            let batch = self.ground.of_validation(some, &self.gnn.options)?;
            let scores = read(self.gnn.mean_scores(&parameters, &batch, device)?).await?;
            let rows = scores.chunks(batch.own.width).zip(batch.own.candidates.chunks(batch.own.width));
            for (&place, (scores, candidates)) in some.iter().zip(rows) {
                let instance = &validation.instances[place as usize];
                let mut shares = self.gnn.prior.shares(history, instance.user, instance.window);
                spread(scores, candidates, &mut shares);
                sum += ndcg(&self.ground.ranker.top(&shares, TOP), history.truth(instance));
            }
            observer.pause().await;
            if observer.cancelled() {
                return Err(Error::Cancelled);
            }
        }
        Ok(sum / places.len().max(1) as f64)
    }
}

/// Sums and sums of squares of rows.
struct Sums {
    sum: Vec<f64>,
    squares: Vec<f64>,
    count: f64,
}

impl Sums {
    fn new(width: usize) -> Sums {
        Sums { sum: vec![0.0; width], squares: vec![0.0; width], count: 0.0 }
    }

    fn add(&mut self, rows: &[f32]) {
        for row in rows.chunks(self.sum.len()) {
            for ((value, sum), square) in row.iter().zip(&mut self.sum).zip(&mut self.squares) {
                *sum += f64::from(*value);
                *square += f64::from(*value) * f64::from(*value);
            }
            self.count += 1.0;
        }
    }

    fn scale(&self) -> FeatureScale {
        FeatureScale::from_sums(&self.sum, &self.squares, self.count)
    }
}
