//! Prospects: how probable it is that a user stays away in the next window, and that he buys in it.
//!
//! Each is a logistic regression on recency, frequency and gaps, fitted on all windows before those that are scored, and
//! compared with the rate among users of like recency. Then it is fitted again on all complete windows for the next one.

mod features;

use driftscope_kernels::Order;
use serde::Serialize;

use self::features::{FEATURES, Instance, instances};
use super::{logistic::Logistic, watch};
use crate::{
    Error, Result,
    evaluation::{Gain, area_under_curve, bootstrap_differences},
    event::{EventKind, Log},
    interest::{Scope, WindowOptions, Windows},
    training::Observer,
};

/// Groups of users of like recency that the baseline counts in.
const GROUPS: usize = 10;
/// Instances with and without the outcome that it takes to learn something.
const LEAST: usize = 20;
/// Events that are looked at before messages are let in.
const PACE: usize = 20_000;

/// Prospects of all users (`Prospects` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Prospects {
    /// Start and end of the window that is foretold, Unix seconds.
    pub window: [i64; 2],
    /// How well churn was foretold where it is known; `None` where too few users came or stayed away.
    pub churn: Option<Foretold>,
    /// Likewise purchases; `None` also where no event is one.
    pub purchase: Option<Foretold>,
    /// By user id: probability of no event in the window; NaN without any event, or where churn is not foretold.
    pub churn_risk: Vec<f64>,
    /// By user id: probability of a purchase in the window; NaN likewise.
    pub purchase_chance: Vec<f64>,
}

/// How well an outcome was foretold on the windows that were held out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Foretold {
    /// Number of user–window pairs.
    pub instances: usize,
    /// Share of them with the outcome.
    pub rate: f64,
    /// Area under the ROC curve, of the model and of the baseline.
    pub auc: [f64; 2],
    /// Mean squared error of the probability (Brier score), likewise.
    pub brier: [f64; 2],
    /// Expected calibration error in ten bins of equal size, likewise.
    pub calibration_error: [f64; 2],
    /// The baseline's Brier score less the model's: positive where the model is better. Paired bootstrap over users.
    pub gain: Option<Gain>,
}

/// Prospects of the window after the last complete one; the last fifth of the windows, at least one, is held out to see how
/// well they are foretold.
///
/// # Errors
/// [`Error::NotEnough`] for fewer than four complete windows; [`Error::Cancelled`]; as [`Windows::of_log`] and
/// [`Scope::users`].
pub async fn prospects(log: &Log, options: &WindowOptions, observer: &mut impl Observer) -> Result<Prospects> {
    let windows = Windows::of_log(log, options)?;
    let complete = windows.len() - usize::from(windows.last_partial());
    let test = (complete / 5).max(1);
    prospects_in(log, &windows.first(complete), test, observer).await
}

/// Prospects in windows of one's own, of which the last `test` are held out.
///
/// # Errors
/// As [`prospects`].
pub async fn prospects_in(
    log: &Log,
    windows: &Windows,
    test: usize,
    observer: &mut impl Observer,
) -> Result<Prospects> {
    let users = Scope::Everyone.users(log)?;
    let count = windows.len();
    if count < test + 3 || test == 0 {
        return Err(Error::NotEnough {
            what: "prospects",
            hint: format!("the log spans {count} whole windows, at least four are needed: choose shorter windows"),
        });
    }
    let is_purchase = |&kind: &u8| EventKind::from_word(log.kinds.name(kind)) == Some(EventKind::Purchase);
    let purchase = (0..=u8::MAX).take(log.kinds.len()).find(is_purchase);
    let (mut all, mut seen) = (Vec::new(), 0);
    for &user in &users {
        instances(log, windows, (user, 1..count + 1), purchase, &mut all);
        seen += log.user_events(user).len();
        if seen >= PACE {
            seen = 0;
            watch::step(observer, (user as usize, users.len())).await?;
        }
    }
    let border = count - test;
    let part = |from: usize, to: usize| -> Vec<&Instance> {
        all.iter().filter(|one| (from..to).contains(&one.window)).collect()
    };
    // Early windows know too little of users to be like the later ones.
    let (train, held) = (part((border / 2).max(1), border), part(border, count));
    let (known, next) = (part((count / 2).max(1), count), part(count, count + 1));
    let mut risks = [vec![f64::NAN; users.len()], vec![f64::NAN; users.len()]];
    let outcomes: [(Outcome, Outcome); 2] = [
        (|one| f64::from(u8::from(!one.active)), Instance::recency),
        (|one| f64::from(u8::from(one.bought)), Instance::purchase_recency),
    ];
    let mut found = [None, None];
    for ((outcome, recency), (risks, found)) in outcomes.into_iter().zip(risks.iter_mut().zip(&mut found)) {
        observer.pause().await;
        if observer.cancelled() {
            return Err(Error::Cancelled);
        }
        let happened = train.iter().filter(|one| outcome(one) > 0.0).count();
        if happened < LEAST || train.len() - happened < LEAST || held.is_empty() {
            continue;
        }
        let model = fit(&train, outcome);
        let baseline = Groups::new(&train, recency, outcome);
        let pair = |one: &&Instance| [model.probability(&one.features), baseline.rate(recency(one))];
        *found = Some(score(&held, &held.iter().map(pair).collect::<Vec<_>>(), outcome));
        let model = fit(&known, outcome);
        for one in &next {
            risks[one.user as usize] = model.probability(&one.features);
        }
    }
    let [churn, purchase] = found;
    let [churn_risk, purchase_chance] = risks;
    let (start, end) = (windows.start(count - 1), windows.end(count - 1));
    Ok(Prospects { window: [end, 2 * end - start], churn, purchase, churn_risk, purchase_chance })
}

/// A number that an instance has.
type Outcome = fn(&Instance) -> f64;

fn fit(instances: &[&Instance], outcome: Outcome) -> Logistic<FEATURES> {
    let rows: Vec<[f64; FEATURES]> = instances.iter().map(|one| one.features).collect();
    let labels: Vec<bool> = instances.iter().map(|one| outcome(one) > 0.0).collect();
    Logistic::fit(&rows, &labels)
}

/// The rate of an outcome among users of like recency.
struct Groups {
    /// Largest recency of each group but the last, and the rate of each.
    borders: Vec<f64>,
    rates: Vec<f64>,
}

impl Groups {
    fn new(instances: &[&Instance], recency: Outcome, outcome: Outcome) -> Groups {
        let mut order: Vec<f64> = instances.iter().map(|one| recency(one)).collect();
        order.order_by(f64::total_cmp);
        let borders: Vec<f64> =
            (1..GROUPS).filter_map(|group| order.get(group * order.len() / GROUPS).copied()).collect();
        let mut out = Groups { borders, rates: Vec::new() };
        let mut sums = [[0.0; 2]; GROUPS];
        for one in instances {
            let [count, happened] = &mut sums[out.group(recency(one))];
            *count += 1.0;
            *happened += outcome(one);
        }
        // One of each is added, so that no group promises never or always.
        out.rates = sums.iter().map(|[count, happened]| (happened + 1.0) / (count + 2.0)).collect();
        out
    }

    fn group(&self, recency: f64) -> usize {
        self.borders.partition_point(|&border| border < recency)
    }

    fn rate(&self, recency: f64) -> f64 {
        self.rates.get(self.group(recency)).copied().unwrap_or(0.5)
    }
}

/// `forecasts`: by the model and by the baseline, of each instance.
fn score(instances: &[&Instance], forecasts: &[[f64; 2]], outcome: Outcome) -> Foretold {
    let truth: Vec<f64> = instances.iter().map(|one| outcome(one)).collect();
    let labels: Vec<bool> = truth.iter().map(|&truth| truth > 0.0).collect();
    let count = truth.len() as f64;
    let column = |place: usize| -> Vec<f64> { forecasts.iter().map(|pair| pair[place]).collect() };
    let square = |(forecast, truth): (&f64, &f64)| (forecast - truth) * (forecast - truth);
    let errors = |place: usize| -> Vec<f64> { column(place).iter().zip(&truth).map(square).collect() };
    let (own, others) = (errors(0), errors(1));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
    let differences: Vec<(u32, f64)> =
        instances.iter().zip(own.iter().zip(&others)).map(|(one, (own, other))| (one.user, other - own)).collect();
    Foretold {
        instances: instances.len(),
        rate: mean(&truth),
        auc: [0, 1].map(|place| area_under_curve(&column(place), &labels).unwrap_or(f64::NAN)),
        brier: [mean(&own), mean(&others)],
        calibration_error: [0, 1].map(|place| calibration_error(&column(place), &truth)),
        gain: bootstrap_differences(&differences),
    }
}

/// Mean distance of forecast and rate over ten groups of equal size by forecast (Naeini, Cooper & Hauskrecht 2015).
fn calibration_error(forecasts: &[f64], truth: &[f64]) -> f64 {
    let mut order: Vec<(f64, f64)> = forecasts.iter().copied().zip(truth.iter().copied()).collect();
    order.order_by(|a, b| a.0.total_cmp(&b.0));
    let size = order.len().div_ceil(10).max(1);
    let error: f64 = order.chunks(size).map(|bin| bin.iter().map(|(p, y)| p - y).sum::<f64>().abs()).sum();
    error / order.len().max(1) as f64
}

#[cfg(test)]
mod tests;
