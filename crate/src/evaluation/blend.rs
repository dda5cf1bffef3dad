//! Several models' shares averaged, the members picked on validation.

use serde::{Deserialize, Serialize};

use super::{Model, mixture::mix};
use crate::{
    Error, Result,
    event::Log,
    nn::Device,
    training::{FirstPlace, History, Instance, Observer, Ranker, TOP, ndcg},
};

/// Picks at most; the same model may be picked again.
const ROUNDS: usize = 16;
/// Numbers of one member's shares that are held at a time.
const HELD: usize = 12_000_000;
/// Added to shares whose logs are averaged, so that a 0 does not rule a domain out.
const FLOOR: f64 = 1e-4;

/// What is averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Average {
    /// The shares: any member can bring a domain up.
    Shares,
    /// Their logs: what all members agree on.
    Logs,
}

impl Average {
    fn value(self, share: f64) -> f32 {
        match self {
            Average::Shares => share as f32,
            Average::Logs => libm::log(share + FLOOR) as f32,
        }
    }

    /// share · own + (1 − share) · other, or the same of their logs, as shares that sum to 1.
    pub(super) fn of_two(self, own: &[f64], other: &[f64], share: f64) -> Vec<f64> {
        if self == Average::Shares {
            return mix(own, other, share);
        }
        let log = |value: f64| libm::log(value + FLOOR);
        let mean = own.iter().zip(other).map(|(&own, &other)| share * log(own) + (1.0 - share) * log(other));
        let mut shares: Vec<f64> = mean.map(libm::exp).collect();
        let total: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= total);
        shares
    }
}

/// A weighted mean of models, none of them a blend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blend {
    /// The members with how often each was picked.
    pub members: Vec<(Model, u32)>,
    /// What is averaged.
    pub average: Average,
    /// Who is named first, where shares alone don't decide; members have no rules of their own.
    #[serde(default)]
    pub first: Option<FirstPlace>,
}

impl Blend {
    /// Greedy ensemble selection with replacement (Caruana et al. 2004): round by round the model is added whose addition
    /// gives the best NDCG@10 on validation; what was best over all rounds, and over both ways to average, is kept. So the
    /// blend is on validation never below its best member.
    ///
    /// # Errors
    /// [`Error::NotEnough`] without models or validation instances; as [`Model::each_shares`].
    pub async fn choose(
        models: Vec<Model>,
        (log, history): (&Log, &History),
        validation: &[Instance],
        ranker: &Ranker,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<Blend> {
        if models.is_empty() || validation.is_empty() {
            let hint = format!("{} models to blend, {} users to choose on", models.len(), validation.len());
            return Err(Error::NotEnough { what: "a blend", hint });
        }
        let domains = history.domains();
        let most = (HELD / domains / models.len() * 4).max(100);
        let some: Vec<&Instance> = validation.iter().step_by(validation.len().div_ceil(most)).collect();
        let requests: Vec<(u32, usize)> = some.iter().map(|instance| (instance.user, instance.window)).collect();
        let mut shares: Vec<Vec<f32>> = Vec::new();
        for model in &models {
            let mut own = vec![0.0; requests.len() * domains];
            let visit = |index: usize, shares: &[f64]| {
                for (slot, &share) in own[index * domains..(index + 1) * domains].iter_mut().zip(shares) {
                    *slot = share as f32;
                }
            };
            model.each_unblended((log, history), &requests, device, observer, visit).await?;
            shares.push(own);
        }
        let mut best: Option<(f64, Vec<u32>, Average)> = None;
        for average in [Average::Shares, Average::Logs] {
            let values: Vec<Vec<f32>> =
                shares.iter().map(|own| own.iter().map(|&share| average.value(f64::from(share))).collect()).collect();
            let mut sum = vec![0.0_f32; requests.len() * domains];
            let mut picks = vec![0_u32; models.len()];
            for _ in 0..ROUNDS {
                let mut round: Option<(f64, usize)> = None;
                for (index, own) in values.iter().enumerate() {
                    let score = mean_ndcg(&some, history, ranker, &sum, own);
                    if round.is_none_or(|round| score > round.0) {
                        round = Some((score, index));
                    }
                    observer.pause().await;
                    if observer.cancelled() {
                        return Err(Error::Cancelled);
                    }
                }
                let Some((score, picked)) = round else { break };
                picks[picked] += 1;
                sum.iter_mut().zip(&values[picked]).for_each(|(sum, value)| *sum += value);
                if best.as_ref().is_none_or(|best| score > best.0) {
                    best = Some((score, picks.clone(), average));
                }
            }
        }
        let Some((_, picks, average)) = best else {
            return Err(Error::NotEnough { what: "a blend", hint: "no model could be scored".into() });
        };
        let members = models.into_iter().zip(picks).filter(|member| member.1 > 0).collect();
        Ok(Blend { members, average, first: None })
    }

    /// Calls `visit` with the number of each request and its shares over all domains, which sum to 1.
    ///
    /// # Errors
    /// As [`Model::each_shares`].
    pub async fn each_shares(
        &self,
        (log, history): (&Log, &History),
        requests: &[(u32, usize)],
        device: &Device,
        observer: &mut impl Observer,
        mut visit: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        let domains = history.domains();
        let picks: u32 = self.members.iter().map(|member| member.1).sum();
        let chunk = (HELD / domains.max(1)).max(1);
        for (number, some) in requests.chunks(chunk).enumerate() {
            let mut sum = vec![0.0_f32; some.len() * domains];
            for (model, count) in &self.members {
                let weight = *count as f32 / picks.max(1) as f32;
                let add = |index: usize, shares: &[f64]| {
                    for (slot, &share) in sum[index * domains..(index + 1) * domains].iter_mut().zip(shares) {
                        *slot += weight * self.average.value(share);
                    }
                };
                model.each_unblended((log, history), some, device, observer, add).await?;
            }
            for (index, mean) in sum.chunks(domains).enumerate() {
                let mut shares = self.shares(mean);
                if let (Some(first), Some(&request)) = (&self.first, some.get(index)) {
                    first.apply(history, request, &mut shares);
                }
                visit(number * chunk + index, &shares);
            }
        }
        Ok(())
    }

    /// Shares from the mean.
    fn shares(&self, mean: &[f32]) -> Vec<f64> {
        let value = |&mean: &f32| match self.average {
            Average::Shares => f64::from(mean),
            Average::Logs => (libm::exp(f64::from(mean)) - FLOOR).max(0.0),
        };
        let mut shares: Vec<f64> = mean.iter().map(value).collect();
        let total: f64 = shares.iter().sum();
        if total > 0.0 {
            shares.iter_mut().for_each(|share| *share /= total);
        }
        shares
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.members.iter().map(|(model, _)| model.parameter_count()).sum()
    }
}

/// Mean NDCG@10 of the ranking by `sum + own`, which orders as their mean does.
fn mean_ndcg(instances: &[&Instance], history: &History, ranker: &Ranker, sum: &[f32], own: &[f32]) -> f64 {
    let domains = history.domains();
    let rows = sum.chunks(domains).zip(own.chunks(domains)).zip(instances);
    let score = |((sum, own), instance): ((&[f32], &[f32]), &&Instance)| {
        let scores: Vec<f64> = sum.iter().zip(own).map(|(sum, own)| f64::from(sum + own)).collect();
        ndcg(&ranker.top(&scores, TOP), history.truth(instance))
    };
    rows.map(score).sum::<f64>() / instances.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        evaluation::{Popularity, UserFrequency, metrics, score},
        event::Event,
        interest::Windows,
        nn,
        training::{Silent, Split},
    };

    /// Half of the users stay with their own domain, half follow the fashion of the window before.
    fn log() -> Log {
        let mut log = Log::new();
        let kind = log.kinds.intern("view").unwrap();
        for domain in 0..12 {
            log.domains.intern(&format!("d{domain}"));
        }
        for user in 0..40_u32 {
            log.users.intern(&format!("u{user}"));
            for window in 0..8_u32 {
                for n in 0..8 {
                    let fashion = window / 2;
                    let domain = if n % 2 == user % 2 { 4 + user % 8 } else { fashion };
                    let item = log.items.intern(&format!("i{domain}"), domain);
                    log.push(Event { user, item, time: window * 100 + n, kind, platform: 0 });
                }
            }
        }
        log.sort();
        log
    }

    #[test]
    fn a_blend_is_on_validation_never_below_its_best_member() {
        let log = log();
        let history = History::new(&log, Windows::fixed(0, 100, 8).unwrap()).unwrap();
        let split = Split::last(8, 2, 2).unwrap();
        let validation = history.instances(split.validation.clone(), 5, 5);
        let ranker = Ranker::new(&history.sum(split.train.clone()));
        let popularity = Popularity::choose(&history, split.train.clone(), &validation, &ranker).unwrap();
        let frequency = UserFrequency { popularity: popularity.train.clone() };
        let train = Popularity { last: false, ..popularity.clone() };
        let models = vec![
            Model::Popularity(Popularity { last: true, ..popularity }),
            Model::UserFrequency(frequency),
            Model::Popularity(train),
        ];
        pollster::block_on(async {
            let device = nn::device().await.unwrap();
            let data = (&log, &history);
            let blend = Blend::choose(models.clone(), data, &validation, &ranker, &device, &mut Silent).await.unwrap();
            let mut ndcgs = Vec::new();
            for model in models.iter().chain([&Model::Blend(blend.clone())]) {
                let outcomes = score(data, model, &ranker, &validation, &device, &mut Silent).await.unwrap();
                ndcgs.push(metrics(&outcomes).ndcg10);
            }
            // Own interests and fashion together say more than either.
            assert!(ndcgs[3] > ndcgs[0].max(ndcgs[1]) + 0.01, "{ndcgs:?}");
            assert!(blend.members.len() >= 2);
            let requests = [(3, 5), (4, 6)];
            let mut sums = Vec::new();
            let visit = |_, shares: &[f64]| sums.push(shares.iter().sum::<f64>());
            blend.each_shares(data, &requests, &device, &mut Silent, visit).await.unwrap();
            assert!(sums.len() == 2 && sums.iter().all(|sum| (sum - 1.0).abs() < 1e-6), "{sums:?}");
            let none = Blend::choose(Vec::new(), data, &validation, &ranker, &device, &mut Silent).await;
            assert!(matches!(none, Err(Error::NotEnough { .. })));
            // Of one model, a blend is that model.
            let alone = vec![models[1].clone()];
            let one = Blend::choose(alone, data, &validation, &ranker, &device, &mut Silent).await.unwrap();
            assert_eq!(one.members[0].0, models[1]);
        });
    }
}
