//! A model asked about a log that lacks some events.

use crate::{
    Error, Result,
    evaluation::Outlook,
    event::Log,
    training::{Observer, TrainingProgress},
};

/// The domain with the largest share; among equals the lowest number.
pub(super) fn largest(shares: &[f64]) -> u32 {
    let mut best = 0;
    for (domain, share) in shares.iter().enumerate() {
        if *share > shares.get(best).copied().unwrap_or(f64::NEG_INFINITY) {
            best = domain;
        }
    }
    best as u32
}

/// Asks about one user's share of one domain, and counts how often.
pub(super) struct Occlusion<'a> {
    log: &'a Log,
    outlook: &'a Outlook<'a>,
    user: u32,
    domain: u32,
    share: f64,
    gone: Vec<bool>,
    done: usize,
    total: usize,
}

impl<'a> Occlusion<'a> {
    /// `share`: the forecast on the whole log; `total`: questions to come, for the progress.
    pub fn new(
        (log, outlook): (&'a Log, &'a Outlook<'a>),
        (user, domain): (u32, u32),
        share: f64,
        total: usize,
    ) -> Occlusion<'a> {
        Occlusion { log, outlook, user, domain, share, gone: vec![false; log.len()], done: 0, total }
    }

    /// How much of the share is lost where these events (by their places in the log) had not been; negative where the
    /// share grows.
    pub async fn effect(&mut self, events: &[usize], observer: &mut impl Observer) -> Result<f64> {
        self.mark(events, true);
        let log = self.log.filtered(|index, _| !self.gone.get(index).copied().unwrap_or(false));
        self.mark(events, false);
        let shares = self.outlook.shares(&log, self.user, &mut Quiet(&mut *observer)).await?;
        self.done += 1;
        let (done, total) = (self.done.min(self.total), self.total);
        observer.progress(TrainingProgress { stage: "forecast", model: None, done, total, point: None });
        observer.pause().await;
        if observer.cancelled() {
            return Err(Error::Cancelled);
        }
        Ok(self.share - shares.get(self.domain as usize).copied().unwrap_or(0.0))
    }

    fn mark(&mut self, events: &[usize], gone: bool) {
        for &event in events {
            if let Some(slot) = self.gone.get_mut(event) {
                *slot = gone;
            }
        }
    }
}

/// Keeps the progress of each single forecast to itself.
struct Quiet<'a, O>(&'a mut O);

impl<O: Observer> Observer for Quiet<'_, O> {
    fn progress(&mut self, _: TrainingProgress) {}

    fn cancelled(&mut self) -> bool {
        self.0.cancelled()
    }

    fn seconds(&mut self) -> f64 {
        self.0.seconds()
    }

    async fn pause(&mut self) {
        self.0.pause().await;
    }
}
