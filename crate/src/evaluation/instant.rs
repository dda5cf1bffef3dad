//! A forecast the moment a log is dropped.

use super::{ColdUsers, Model, ModelName, Models, TrainOptions};
use crate::{
    Result,
    event::Log,
    interest::{WindowOptions, Windows},
    nn,
    training::{Dnn, History, Init, Observer, online::Learner, transfer::base},
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
    let of = |dnn: Dnn| vec![Model::DecayPrior(dnn.prior().clone()), Model::Base(dnn)];
    let cold = match end.checked_sub(1).filter(|&before| history.sum(0..before).iter().any(|&events| events > 0)) {
        // Chosen on the last window, with what was counted before it.
        Some(before) => {
            let earlier = of(dnn.carried(&history, before, before)?);
            let (parts, social) = ((0..before, before..end), !log.edges.is_empty());
            ColdUsers::choose((log, &history), parts, &earlier, social, &device, observer)
                .await?
                .carried(&history, end)?
        }
        None => ColdUsers::usual(&history, 0..end, &of(dnn.clone()))?,
    };
    let models = of(dnn);
    let options =
        TrainOptions { window: window.clone(), models: vec![ModelName::Base], seed: 0, epochs: None, init: Init::Base };
    Ok(Models::new(log, &options, models, ModelName::Base, cold))
}
