//! A forecast the moment a log is dropped.

use super::{Model, ModelName, Models, TrainOptions};
use crate::{
    Result,
    event::Log,
    interest::{WindowOptions, Windows},
    nn,
    training::{History, Init, Observer, transfer::base},
};

/// Models of a log that nothing was trained on: the shipped base model, trusted as far as the log's own past says, and the
/// prior that it goes beyond. They forecast as those of [`super::train`] do.
///
/// # Errors
/// [`crate::Error::NotEnough`] where no event has a domain; [`crate::Error::Parameter`] for impossible windows;
/// [`crate::Error::Cancelled`], [`crate::Error::Device`].
pub async fn before_training(log: &Log, window: &WindowOptions, observer: &mut impl Observer) -> Result<Models> {
    let history = History::new(log, Windows::of_log(log, window)?)?;
    let device = nn::device().await?;
    // A log shorter than a whole window is all there is.
    let end = history.complete_windows().max(1);
    let dnn = base()?.zero_shot((log, &history), end, &device, observer).await?.dnn;
    let models = vec![Model::DecayPrior(dnn.prior().clone()), Model::Base(dnn)];
    let options =
        TrainOptions { window: window.clone(), models: vec![ModelName::Base], seed: 0, epochs: None, init: Init::Base };
    Ok(Models::new(log, &options, models, ModelName::Base))
}
