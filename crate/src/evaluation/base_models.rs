//! Forecasts the moment a log is there: the base model on the log as it is, before any training.

use super::{Model, ModelName, Models, TrainOptions};
use crate::{
    Error, Result,
    event::Log,
    interest::{WindowOptions, Windows},
    nn,
    training::{History, Init, Observer, transfer::base},
};

/// The base model and its decay + popularity prior on a log, ready to forecast the window after the last whole one. Half-life,
/// weight and how far the network is followed are chosen on the log's own past.
///
/// # Errors
/// [`Error::NotEnough`] for a log without a whole window; [`Error::Parameter`] for impossible windows;
/// [`Error::Cancelled`], [`Error::Device`].
pub async fn base_models(log: &Log, window: &WindowOptions, observer: &mut impl Observer) -> Result<Models> {
    let history = History::new(log, Windows::of_log(log, window)?)?;
    let end = history.complete_windows();
    if end == 0 {
        return Err(Error::NotEnough {
            what: "a forecast",
            hint: "the log does not fill one window: choose shorter windows".into(),
        });
    }
    let device = nn::device().await?;
    let found = base()?.zero_shot((log, &history), end, &device, observer).await?;
    let prior = found.dnn.prior().clone();
    let models = vec![Model::DecayPrior(prior), Model::Base(found.dnn)];
    let options =
        TrainOptions { window: window.clone(), models: vec![ModelName::Base], seed: 0, epochs: None, init: Init::Base };
    Ok(Models::new(log, &options, models, ModelName::Base))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        evaluation::forecast,
        interest::{Scope, WindowLength},
        synth::{SampleOptions, Synth},
        training::Silent,
    };

    #[test]
    fn a_log_has_a_forecast_before_any_training() {
        let log = Synth::sample(SampleOptions { users: 60, days: 40, seed: 2 }).unwrap().log(|_| Ok(())).unwrap();
        let window = WindowOptions { length: WindowLength::Week, time_zone: "UTC".into() };
        let models = pollster::block_on(base_models(&log, &window, &mut Silent)).unwrap();
        assert_eq!(models.summary().models, [ModelName::DecayPrior, ModelName::Base]);
        let next = pollster::block_on(forecast(&log, &models, &Scope::Everyone, None, &mut Silent)).unwrap();
        assert_eq!((next.model, next.domains.len()), (ModelName::Base, log.domains.len()));
        assert!((next.domains.iter().map(|domain| domain.share).sum::<f64>() - 1.0).abs() < 1e-6);
    }
}
