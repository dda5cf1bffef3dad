//! Trains graph networks: alone, or fused with a network of own features after they were trained alone.

use burn::tensor::Device;
use serde::Serialize;

use super::{
    Gnn, GnnOptions,
    model::input_widths,
    objective::{Ground, Listwise},
};
use crate::{
    Error, Result,
    event::Log,
    training::{
        Checkpoint, Dnn, DnnOptions, Features, History, Instance, Observer, Prior, Ranker, Schedule, Split, Start,
        Stopped, TrainingPoint, descend, fit::Listwise as Pairwise, split::MIN_EVENTS,
    },
};

/// A finished run.
#[derive(Debug)]
pub struct FittedGnn {
    /// The networks with the best validation.
    pub gnn: Gnn,
    /// The run as it stood after its last epoch.
    pub checkpoint: Checkpoint,
    /// The learning curve.
    pub curve: Vec<TrainingPoint>,
    /// How it ended.
    pub stopped: Stopped,
}

/// What a run depends on besides the data.
#[derive(Debug, Clone)]
pub struct GnnRun<'a> {
    /// Settings of the graph, the networks and their training.
    pub options: &'a GnnOptions,
    /// Decides everything that is random.
    pub seed: u64,
    /// Where a run of the same log, options and seed stood, to go on from there.
    pub resume: Option<Checkpoint>,
}

/// Trains graph convolutions on train instances only; after every epoch NDCG@10 on validation decides which are kept.
///
/// With [`GnnOptions::tower`] the result is their fusion with networks of the pairs' own numbers. Where
/// [`GnnOptions::carry_over`] says so, both are trained alone first, and the fusion starts from their parameters, at half
/// the learning rate and for a quarter of the epochs; else everything in it starts anew.
///
/// # Errors
/// [`Error::NotEnough`] without train or validation instances, and as [`descend`].
pub async fn fit_gnn(
    (log, history): (&Log, &History),
    split: &Split,
    prior: &Prior,
    GnnRun { options, seed, resume }: GnnRun<'_>,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<FittedGnn> {
    let train = history.instances(split.train.clone(), options.dnn.min_events, options.dnn.min_events);
    let validation = history.instances(split.validation.clone(), MIN_EVENTS, MIN_EVENTS);
    if train.is_empty() || validation.is_empty() {
        let hint = format!("{} users and windows to learn from, {} to choose on", train.len(), validation.len());
        return Err(Error::NotEnough { what: "training", hint });
    }
    let run = GnnRun { options, seed, resume };
    fit_on((log, history), (train, validation), (prior, split.train.end), run, device, observer).await
}

/// [`fit_gnn`] on given instances of windows before `end`, from which popularity comes. Without `validation` nothing is left
/// to choose on: all epochs are done, and the last one is kept.
pub(super) async fn fit_on(
    (log, history): (&Log, &History),
    (train, validation): (Vec<Instance>, Vec<Instance>),
    (prior, end): (&Prior, usize),
    GnnRun { options, seed, resume }: GnnRun<'_>,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<FittedGnn> {
    let features = Features::new(log, history, prior)?;
    let ranker = Ranker::new(&history.sum(0..end));
    let parts = (train, validation);
    let ground = Ground::new((log, history), parts, (&features, &ranker), options, None, observer).await?;
    let untrained = |options: &GnnOptions| Gnn {
        options: options.clone(),
        shape: options.shape(input_widths(&options.graph), history.domains()),
        scale: ground.scale.clone(),
        prior: prior.clone(),
        train_end: end,
        learned: end,
        parameters: Vec::new(),
        first: None,
    };
    let gnn = untrained(options);
    let settings = settings(&gnn)?;
    let schedule = Schedule {
        epochs: options.dnn.epochs,
        learning_rate: options.dnn.learning_rate,
        weight_decay: options.dnn.weight_decay,
        patience: options.dnn.patience,
        seed,
    };
    let run = Stage { ground: &ground, schedule, device };
    if options.tower == 0 || !options.carry_over {
        return run.descend(gnn, None, settings, resume, observer).await;
    }
    let fusing = Stage {
        schedule: Schedule { epochs: options.fusing_epochs(), learning_rate: schedule.learning_rate / 2.0, ..schedule },
        ..run
    };
    if resume.as_ref().is_some_and(|checkpoint| checkpoint.settings == settings) {
        return fusing.descend(gnn, None, settings, resume, observer).await;
    }
    let pairs = run.pairs(&gnn);
    let (pairs_settings, alone) = (self::settings(&pairs)?, untrained(&GnnOptions { tower: 0, ..options.clone() }));
    // Pair networks come first: those that a resume of what follows does not hold are soon learned again.
    let within = resume.as_ref().is_some_and(|checkpoint| checkpoint.settings == pairs_settings);
    let (of_pairs, of_graph) = if within { (resume, None) } else { (None, resume) };
    let pairs = run.descend_pairs(pairs, pairs_settings, of_pairs, observer).await?;
    let alone_settings = self::settings(&alone)?;
    let before = run.descend(alone, None, alone_settings, of_graph, observer).await?;
    if before.stopped == Stopped::Cancelled {
        return Err(Error::Cancelled);
    }
    fusing.descend(gnn, Some((&before.gnn, &pairs)), settings, None, observer).await
}

/// What a run depends on besides log and seed.
fn settings(model: &impl Serialize) -> Result<Vec<u8>> {
    postcard::to_allocvec(model).map_err(|error| Error::Checkpoint { hint: error.to_string() })
}

/// One training on the common ground.
#[derive(Clone, Copy)]
struct Stage<'a> {
    ground: &'a Ground<'a>,
    schedule: Schedule,
    device: &'a Device,
}

impl Stage<'_> {
    /// The pair networks that become the towers of a fusion's members, not yet trained.
    fn pairs(&self, gnn: &Gnn) -> Dnn {
        let GnnOptions { dnn, members, tower, .. } = &gnn.options;
        let options = DnnOptions { members: *members, hidden: *tower, embedding: 0, ..dnn.clone() };
        let shape = options.shape(Features::width(), gnn.prior.popularity.len());
        Dnn {
            options,
            shape,
            scale: gnn.scale.own.clone(),
            prior: gnn.prior.clone(),
            train_end: gnn.train_end,
            learned: gnn.train_end,
            parameters: Vec::new(),
            first: None,
        }
    }

    async fn descend_pairs(
        &self,
        dnn: Dnn,
        settings: Vec<u8>,
        resume: Option<Checkpoint>,
        observer: &mut impl Observer,
    ) -> Result<Dnn> {
        let shapes = dnn.shape.parameters();
        // Not the first numbers of the graph convolutions.
        let start = Start { shapes: &shapes, values: dnn.shape.init(!self.schedule.seed), settings, resume };
        let (ranker, train, validation) = self.ground.pairs();
        let mut objective = Pairwise { ranker, dnn, train, validation, order: Vec::new() };
        let descended = descend(&mut objective, start, &self.schedule, self.device, observer).await?;
        if descended.stopped == Stopped::Cancelled {
            return Err(Error::Cancelled);
        }
        let kept = if self.ground.decides() { descended.values } else { descended.checkpoint.parameters };
        Ok(Dnn { parameters: kept, ..objective.dnn })
    }

    async fn descend(
        &self,
        gnn: Gnn,
        carried: Option<(&Gnn, &Dnn)>,
        settings: Vec<u8>,
        resume: Option<Checkpoint>,
        observer: &mut impl Observer,
    ) -> Result<FittedGnn> {
        let shapes = gnn.shapes();
        let member = |member: usize| {
            let seed = self.schedule.seed ^ (member as u64).wrapping_mul(0xD1B5_4A32_D192_ED03);
            let carried = carried.map(|(graph, pairs)| [graph.member(member), pairs.member(member)]);
            gnn.shape.init(seed, carried)
        };
        let values = (0..gnn.options.members).flat_map(member).collect();
        let start = Start { shapes: &shapes, values, settings, resume };
        let mut objective = Listwise { ground: self.ground, gnn, order: Vec::new() };
        let descended = descend(&mut objective, start, &self.schedule, self.device, observer).await?;
        let kept = if self.ground.decides() { descended.values } else { descended.checkpoint.parameters.clone() };
        let gnn = Gnn { parameters: kept, ..objective.gnn };
        Ok(FittedGnn { gnn, checkpoint: descended.checkpoint, curve: descended.curve, stopped: descended.stopped })
    }
}
