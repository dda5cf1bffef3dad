//! Chooses on validation who is named first.

use serde::Serialize;

use super::{Metrics, Outcome, metrics};
use crate::training::{FirstPlace, History, Instance};

/// What the first place is to be good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Aim {
    /// The largest share is first.
    #[default]
    Shares,
    /// Accuracy and macro F1 together.
    Balanced,
    /// Users whose interest moves, as long as nine in ten of those who stay are forecast right.
    Moving,
}

/// (stay, rare) to choose from. Few, so that choosing does not learn the validation windows by heart.
const BALANCED: [[f64; 2]; 5] = [[0.0, 0.0], [0.0, 0.05], [0.1, 0.05], [0.1, 0.1], [0.2, 0.1]];
const MOVING: [[f64; 2]; 6] = [[0.0, 0.0], [0.0, 0.05], [-0.05, 0.05], [-0.1, 0.05], [-0.15, 0.05], [-0.2, 0.05]];
/// NDCG@10 that may be lost on validation.
const LOSS: f64 = 0.0005;
/// Accuracy on stable users that [`Aim::Moving`] keeps where there is so much.
const STABLE: f64 = 0.9;
/// Labelled instances without which there is no choosing.
const FEWEST: usize = 250;

impl Aim {
    /// The rule that does best on validation, or `None` where shares alone do. `outcomes`: those of `instances`, by shares
    /// alone.
    pub fn choose(
        self,
        history: &History,
        train: std::ops::Range<usize>,
        instances: &[Instance],
        outcomes: &[Outcome],
    ) -> Option<FirstPlace> {
        let before = metrics(outcomes);
        if self == Aim::Shares || before.labelled < FEWEST {
            return None;
        }
        let candidates = if self == Aim::Moving { &MOVING[..] } else { &BALANCED[..] };
        let mut best = (self.worth(&before), None);
        for &[stay, rare] in candidates {
            let rule = FirstPlace::new(history, train.clone(), stay, rare);
            let after: Vec<Outcome> =
                outcomes.iter().zip(instances).map(|(one, instance)| one.decided(history, instance, &rule)).collect();
            let after = metrics(&after);
            let allowed = after.ndcg10 >= before.ndcg10 - LOSS
                && (self != Aim::Moving || after.accuracy_stable >= before.accuracy_stable.min(STABLE));
            if allowed && self.worth(&after) > best.0 {
                best = (self.worth(&after), Some(rule));
            }
        }
        best.1
    }

    fn worth(self, metrics: &Metrics) -> f64 {
        if self == Aim::Moving { metrics.accuracy_transfer } else { metrics.accuracy + metrics.macro_f1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::{Event, Log},
        interest::Windows,
        training::Ranker,
    };

    /// Three hundred users who were in domain 0 in windows 0 and 1; half of them are in a domain of their own of 1..6 in
    /// window 2, the others stay.
    fn history() -> History {
        let mut log = Log::new();
        let kind = log.kinds.intern("view").unwrap();
        for domain in 0..6 {
            log.domains.intern(&format!("d{domain}"));
        }
        for user in 0..300_u32 {
            log.users.intern(&format!("u{user}"));
            for window in 0..3_u32 {
                let domain = if window == 2 && user % 2 == 0 { 1 + user / 2 % 5 } else { 0 };
                for n in 0..5 {
                    let item = log.items.intern(&format!("i{domain}"), domain);
                    log.push(Event { user, item, time: window * 100 + n, kind, platform: 0 });
                }
            }
        }
        log.sort();
        History::new(&log, Windows::fixed(0, 100, 3).unwrap()).unwrap()
    }

    /// The outcomes of forecasts that put domain 0 first by so much where the user moves, and by more where he stays.
    fn outcomes(history: &History, instances: &[Instance], lead: f64) -> Vec<Outcome> {
        let ranker = Ranker::new(&history.sum(0..2));
        let forecast = |instance: &Instance| {
            let moves = instance.user.is_multiple_of(2);
            let mut shares = vec![0.0; 6];
            let second = 1 + (instance.user / 2 % 5) as usize;
            let by = if moves { lead } else { lead * 3.0 };
            shares[0] = by.exp() / (1.0 + by.exp());
            shares[second] = 1.0 - shares[0];
            Outcome::new(history, instance, &ranker, &shares)
        };
        instances.iter().map(forecast).collect()
    }

    #[test]
    fn a_rule_is_chosen_where_it_helps_and_what_it_decides_is_what_was_measured() {
        let history = history();
        let instances = history.scored(&(2..3));
        let before = outcomes(&history, &instances, 0.2);
        assert!(Aim::Shares.choose(&history, 0..2, &instances, &before).is_none());
        for aim in [Aim::Balanced, Aim::Moving] {
            let rule = aim.choose(&history, 0..2, &instances, &before).unwrap();
            let after: Vec<Outcome> =
                before.iter().zip(&instances).map(|(one, instance)| one.decided(&history, instance, &rule)).collect();
            let (old, new) = (metrics(&before), metrics(&after));
            assert!(new.accuracy_transfer > old.accuracy_transfer + 0.9 && new.accuracy_stable > 0.9, "{new:?}");
            assert!(new.ndcg10 > old.ndcg10 && new.brier < old.brier, "{new:?}");
        }
        // Where the lead is beyond any rule, shares alone decide; so they do with few to choose on.
        let far = outcomes(&history, &instances, 2.0);
        assert!(Aim::Balanced.choose(&history, 0..2, &instances, &far).is_none());
        assert!(Aim::Moving.choose(&history, 0..2, &instances[..100], &before[..100]).is_none());
    }

    #[test]
    fn what_is_decided_from_an_outcome_is_what_is_decided_from_its_shares() {
        let history = history();
        let instances = history.scored(&(2..3));
        let ranker = Ranker::new(&history.sum(0..2));
        let rule = FirstPlace::new(&history, 0..2, 0.0, 0.1);
        let mut exchanged = 0;
        for instance in &instances {
            for second in [0.2, 0.44] {
                let mut shares = vec![0.04, 0.03, 0.02, 0.01, 0.0, 0.0];
                shares[0] = 0.5;
                shares[3] = second;
                let one = Outcome::new(&history, instance, &ranker, &shares).decided(&history, instance, &rule);
                rule.apply(&history, (instance.user, instance.window), &mut shares);
                let other = Outcome::new(&history, instance, &ranker, &shares);
                assert_eq!((&one.ranked, one.ndcg10), (&other.ranked, other.ndcg10));
                assert!((one.squared_error - other.squared_error).abs() < 1e-12);
                exchanged += usize::from(one.ranked[0] == 3);
            }
        }
        assert_eq!(exchanged, instances.len());
    }
}
