use super::*;
use crate::{
    evaluation::{
        TrainOptions,
        next_item::{NextItemOptions, train_next_items},
        train,
    },
    event::Event,
    interest::{WindowLength, WindowOptions},
    training::{Init, Silent},
};

const DAY: u32 = 86_400;

/// 40 users. Each has a domain of his own that he touches every day, beside a common one that everyone does; even users
/// share their items with the next one. The tenth day, inside which the log ends, is what is forecast.
fn log() -> Log {
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    let common = log.domains.intern("common");
    for user in 0..40 {
        log.users.intern(&format!("u{user}"));
        let pair = user / 2;
        let own = log.domains.intern(&format!("d{}", pair % 8));
        for day in 0..10 {
            for n in 0..6 {
                let (name, domain) = match n {
                    0 => ("everyday".to_owned(), common),
                    _ => (format!("p{pair}-{}", (day + n) % 7), own),
                };
                let item = log.items.intern(&name, domain);
                log.push(Event { user, item, time: 1_700_006_400 + day * DAY + n * 600, kind, platform: 0 });
            }
        }
    }
    log.sort();
    log
}

fn models(log: &Log, models: &[ModelName]) -> Models {
    let window = WindowOptions { length: WindowLength::Day, time_zone: "UTC".into() };
    let options = TrainOptions { window, models: models.to_vec(), seed: 1, epochs: Some(2), init: Init::Scratch };
    pollster::block_on(train(log, &options, None, &mut Silent)).unwrap().models
}

#[test]
fn own_events_of_the_domain_carry_the_forecast_in_every_model() {
    let log = log();
    let names = [ModelName::DecayPrior, ModelName::Dnn, ModelName::CfUserCosine, ModelName::Markov];
    let models = models(&log, &names);
    for name in names {
        let found = pollster::block_on(explain(&log, &models, (4, None), Some(name), &mut Silent)).unwrap();
        assert_eq!((found.model, found.name.as_str()), (name, "d2"), "{found:?}");
        assert!(found.share > found.without_past, "{found:?}");
        let first = &found.events[0];
        assert!(first.domain == Some(found.domain) && first.effect > 0.0, "{found:?}");
        assert!(found.check.named > found.check.random, "{found:?}");
        assert_eq!(found.events.iter().map(|group| group.events).sum::<u32>(), 54);
        assert!(found.events.windows(2).all(|pair| pair[0].effect.abs() >= pair[1].effect.abs()));
        // His neighbour is the one with the same items.
        let next = found.neighbours.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)).unwrap();
        assert_eq!((next.user, next.shared.len()), (5, 3), "{found:?}");
        assert!((next.interest - 5.0 / 6.0).abs() < 1e-12 && next.shared[0].starts_with("p2-"), "{found:?}");
        let again = pollster::block_on(explain(&log, &models, (4, None), Some(name), &mut Silent)).unwrap();
        assert_eq!(again, found);
    }
    // A rule that looks at one user only does not depend on any other, but through the popularity.
    let own = pollster::block_on(explain(&log, &models, (4, None), Some(ModelName::Persistent), &mut Silent)).unwrap();
    assert!(own.neighbours.iter().all(|other| other.effect == 0.0), "{own:?}");
}

#[test]
fn what_was_touched_last_is_what_a_persistent_forecast_rests_on() {
    let log = log();
    let models = models(&log, &[ModelName::Persistent]);
    let found =
        pollster::block_on(explain(&log, &models, (4, Some(0)), Some(ModelName::Persistent), &mut Silent)).unwrap();
    assert_eq!(found.name, "common");
    assert!((found.share - 1.0 / 6.0).abs() < 1e-9, "{found:?}");
    // Without the last day's own domain all that is left of that day is the common one.
    let against = found.events.iter().min_by(|a, b| a.effect.total_cmp(&b.effect)).unwrap();
    assert!((against.effect - (1.0 / 6.0 - 1.0)).abs() < 1e-9 && against.name == "d2", "{found:?}");
    assert!(against.first_time >= 1_700_006_400 + 8 * DAY && against.events == 5, "{found:?}");
}

#[test]
fn what_cannot_be_explained_says_so() {
    let mut log = log();
    let models = models(&log, &[ModelName::DecayPrior]);
    let ask = |log: &Log, user, domain| {
        pollster::block_on(explain(log, &models, (user, domain), Some(ModelName::DecayPrior), &mut Silent))
    };
    assert!(matches!(ask(&log, 400, None), Err(Error::Parameter { name: "user", .. })));
    assert!(matches!(ask(&log, 4, Some(400)), Err(Error::Parameter { name: "domain", .. })));
    log.users.intern("new");
    log.sort();
    assert!(matches!(ask(&log, 40, None), Err(Error::NotEnough { .. })));
}

#[test]
fn a_recommendation_names_the_item_that_leads_to_it() {
    // Whoever had item 2k goes on to item 2k + 1; "noise" says nothing.
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    let domain = log.domains.intern("d");
    for user in 0..60_u32 {
        log.users.intern(&format!("u{user}"));
        let pairs = [user % 5, (user + 1) % 5, (user + 2) % 5];
        let mut names: Vec<String> =
            pairs.iter().flat_map(|k| [format!("i{}", 2 * k), format!("i{}", 2 * k + 1)]).collect();
        names.insert(4, format!("noise{}", user % 20));
        if user == 0 {
            names.truncate(4);
            names.push("i4".into());
            names.insert(0, "noise3".into());
        }
        for (n, name) in (0..).zip(&names) {
            let item = log.items.intern(name, domain);
            log.push(Event { user, item, time: 1000 + n * 60, kind, platform: 0 });
        }
    }
    log.sort();
    let options = NextItemOptions { models: vec![ModelName::Markov, ModelName::CfItem], seed: 1 };
    let (_, models) = pollster::block_on(train_next_items(&log, &options, &mut Silent)).unwrap();
    for name in [ModelName::Markov, ModelName::CfItem] {
        let found = pollster::block_on(explain_item(&log, &models, (0, "i5"), Some(name), &mut Silent)).unwrap();
        assert_eq!((found.because[0].name.as_str(), found.because.len()), ("i4", 6), "{found:?}");
        assert!(found.item.score > found.without_past && found.because[0].part > 0.5, "{found:?}");
        let sum: f32 = found.because.iter().filter(|one| one.effect > 0.0).map(|one| one.part).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{found:?}");
    }
    let unknown = pollster::block_on(explain_item(&log, &models, (0, "i99"), None, &mut Silent));
    assert!(matches!(unknown, Err(Error::Parameter { name: "item", .. })));
    let nobody = pollster::block_on(explain_item(&log, &models, (99, "i5"), None, &mut Silent));
    assert!(matches!(nobody, Err(Error::Parameter { name: "user", .. })));
}
