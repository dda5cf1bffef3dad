//! How graph networks go on learning.

use super::{
    Gnn, GnnRun,
    fit::fit_on,
    objective::{Ground, Listwise},
};
use crate::{
    Error, Result,
    event::Log,
    nn::Device,
    training::{
        Features, History, Instance, Observer, Prior, Ranker, Schedule,
        online::{Learned, Learner, Pace, go_on},
    },
};

impl Learner for Gnn {
    fn pace(&self) -> Pace {
        let dnn = &self.options.dnn;
        // A fusion is trained for some more epochs after its parts.
        let carried = self.options.tower > 0 && self.options.carry_over;
        let fusing = if carried { self.options.fusing_epochs() } else { 0 };
        Pace {
            epochs: dnn.epochs + fusing,
            batch: dnn.batch,
            learning_rate: dnn.learning_rate,
            weight_decay: dnn.weight_decay,
            min_events: dnn.min_events,
            candidates: dnn.train_candidates.min(self.prior.popularity.len()),
            members: self.options.members,
        }
    }

    fn learned(&self) -> usize {
        self.learned
    }

    /// The graph is built from the log each time, so new events reach it by themselves.
    fn carried(&self, history: &History, end: usize, learned: usize) -> Result<Gnn> {
        let (domains, known) = (history.domains(), self.prior.popularity.len());
        if known > domains || end > history.windows().len() {
            return Err(Error::Checkpoint { hint: "it was trained on another log".into() });
        }
        let prior = Prior::new(history, 0..end, self.prior.half_life, self.prior.weight)?;
        let mut gnn = Gnn { prior, train_end: end, learned, ..self.clone() };
        if gnn.shape.graph.embedding > 0 {
            let count = self.shape.parameters().len().max(1);
            for member in gnn.parameters.chunks_mut(count) {
                self.shape.graph.grow(domains - known, member);
            }
            // With an embedding all domains are candidates, in the order of their ids.
            (gnn.options.dnn.candidates, gnn.options.dnn.train_candidates) = (domains, domains);
        }
        gnn.shape.graph.domains = domains;
        Ok(gnn)
    }

    fn values(&self) -> &[Vec<f32>] {
        &self.parameters
    }

    fn with_values(&self, values: Vec<Vec<f32>>, learned: usize) -> Gnn {
        Gnn { parameters: values, learned, ..self.clone() }
    }

    async fn learn(
        &self,
        (log, history): (&Log, &History),
        train: Vec<Instance>,
        held: Vec<Instance>,
        schedule: &Schedule,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<Learned> {
        let features = Features::new(log, history, &self.prior)?;
        let ranker = Ranker::new(&history.sum(0..self.train_end));
        let (judged, scale) = (!held.is_empty(), Some(self.scale.clone()));
        let (data, mut options) = ((log, history), self.options.clone());
        if self.shape.graph.embedding == 0 {
            options.dnn.train_candidates = self.pace().update_candidates();
        }
        let ground = Ground::new(data, (train, held), (&features, &ranker), &options, scale, observer).await?;
        let mut objective = Listwise { ground: &ground, gnn: self.clone(), order: Vec::new() };
        go_on(&mut objective, (&self.shapes(), &self.parameters), judged, schedule, device, observer).await
    }

    async fn retrained(
        &self,
        data: (&Log, &History),
        end: usize,
        seed: u64,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<Gnn> {
        let Gnn { options, prior, .. } = self.carried(data.1, end, end)?;
        let train = data.1.instances(0..end, options.dnn.min_events, options.dnn.min_events);
        if train.is_empty() {
            return Err(Error::NotEnough { what: "training", hint: "no user and window to learn from".into() });
        }
        let run = GnnRun { options: &options, seed, resume: None };
        Ok(fit_on(data, (train, Vec::new()), (&prior, end), run, device, observer).await?.gnn)
    }

    async fn each_shares(
        &self,
        data: (&Log, &History),
        requests: &[(u32, usize)],
        device: &Device,
        observer: &mut impl Observer,
        visit: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        Gnn::each_shares(self, data, requests, device, observer, visit).await
    }
}
