//! What a fitted model expects of single users, on the log as it is or as it might have been.

use super::{Model, ModelName, Models, forecast::with_next};
use crate::{
    Result,
    event::Log,
    interest::Windows,
    nn::{self, Device},
    training::{History, Observer},
};

/// A fitted model and the window after the log. The window stays the same for logs that lack some of the events, so that
/// their forecasts can be compared.
#[derive(Debug)]
pub struct Outlook<'a> {
    model: &'a Model,
    windows: Windows,
    device: Device,
}

impl<'a> Outlook<'a> {
    /// The outlook of `model` (or the best one) on the window after the last whole one of `log`.
    ///
    /// # Errors
    /// [`crate::Error::State`] for a model that was not trained; [`crate::Error::Checkpoint`] for models of another log;
    /// [`crate::Error::Device`].
    pub async fn new(log: &Log, models: &'a Models, model: Option<ModelName>) -> Result<Outlook<'a>> {
        let model = models.get(model)?;
        models.check(log)?;
        Ok(Outlook { model, windows: with_next(log, &models.window)?, device: nn::device().await? })
    }

    /// By which model.
    pub fn model(&self) -> ModelName {
        self.model.name()
    }

    /// The windows of the log; the last one is the one that is forecast.
    pub fn windows(&self) -> &Windows {
        &self.windows
    }

    /// Start of the window that is forecast, Unix seconds: nothing from then on is looked at.
    pub fn start(&self) -> i64 {
        self.windows.start(self.windows.len() - 1)
    }

    /// Start and end of the window that is forecast, Unix seconds.
    pub fn window(&self) -> [i64; 2] {
        [self.start(), self.windows.end(self.windows.len() - 1)]
    }

    /// The shares over all domains that the model expects of `user`, had the log been `log`: one with the tables of the
    /// log that the outlook was made for ([`Log::filtered`]).
    ///
    /// # Errors
    /// As [`Model::each_shares`].
    pub async fn shares(&self, log: &Log, user: u32, observer: &mut impl Observer) -> Result<Vec<f64>> {
        let history = History::new(log, self.windows.clone())?;
        let mut out = Vec::new();
        let request = [(user, self.windows.len() - 1)];
        self.model
            .each_shares((log, &history), &request, &self.device, observer, |_, shares| out = shares.to_vec())
            .await?;
        Ok(out)
    }
}
