//! How a long run reports and how it is stopped.

use std::future::Future;

use serde::{Deserialize, Serialize};

/// A point of the learning curve (`TrainingPoint` of the page's types).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrainingPoint {
    /// Epoch, from 0.
    pub epoch: usize,
    /// Steps taken so far.
    pub step: usize,
    /// Mean train loss since the last point.
    pub loss: f64,
    /// NDCG@10 on validation, at the end of an epoch.
    pub validation_ndcg10: Option<f64>,
}

/// Where a run is.
#[derive(Debug, Clone, Copy)]
pub struct TrainingProgress {
    /// `features`, `train`, `evaluate` or `forecast`, as in the page's `Progress`.
    pub stage: &'static str,
    /// Which model, in a run of several.
    pub model: Option<&'static str>,
    /// Steps done.
    pub done: usize,
    /// Steps to do.
    pub total: usize,
    /// Live numbers in stage `train`.
    pub point: Option<TrainingPoint>,
}

/// Watches a run.
pub trait Observer {
    /// Called after every few steps.
    fn progress(&mut self, progress: TrainingProgress);

    /// Called after every epoch with what the run needs to go on after a crash or on another engine, as bytes: from a
    /// training a [`super::Checkpoint`], from a run of several models an `evaluation::RunState`.
    fn checkpoint(&mut self, _bytes: Vec<u8>) {}

    /// Asked after every step: whether the person wants the run to end.
    fn cancelled(&mut self) -> bool;

    /// A clock that only goes forward, in seconds. A browser's core has none of its own.
    fn seconds(&mut self) -> f64;

    /// Awaited after every step, so that a browser's event loop gets its turn.
    fn pause(&mut self) -> impl Future<Output = ()>;
}

impl<O: Observer> Observer for &mut O {
    fn progress(&mut self, progress: TrainingProgress) {
        (**self).progress(progress);
    }

    fn checkpoint(&mut self, bytes: Vec<u8>) {
        (**self).checkpoint(bytes);
    }

    fn cancelled(&mut self) -> bool {
        (**self).cancelled()
    }

    fn seconds(&mut self) -> f64 {
        (**self).seconds()
    }

    async fn pause(&mut self) {
        (**self).pause().await;
    }
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn progress(&mut self, _: TrainingProgress) {}

    fn cancelled(&mut self) -> bool {
        false
    }

    #[cfg(not(target_family = "wasm"))]
    fn seconds(&mut self) -> f64 {
        static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
        START.elapsed().as_secs_f64()
    }

    #[cfg(target_family = "wasm")]
    fn seconds(&mut self) -> f64 {
        0.0
    }

    async fn pause(&mut self) {}
}
