use super::*;
use crate::{
    event::{Event, Log},
    interest::Windows,
    training::{Prior, Split},
};

/// Events (user, window, domain, count) as a counted log of four windows and three domains.
fn history(events: &[(u32, u32, u32, u32)]) -> History {
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    for domain in 0..3 {
        log.domains.intern(&format!("d{domain}"));
    }
    for &(user, window, domain, count) in events {
        while log.users.len() <= user as usize {
            log.users.intern(&format!("u{}", log.users.len()));
        }
        let item = log.items.intern(&format!("i{domain}"), domain);
        for n in 0..count {
            log.push(Event { user, item, time: window * 100 + n, kind, platform: 0 });
        }
    }
    log.sort();
    History::new(&log, Windows::fixed(0, 100, 4).unwrap()).unwrap()
}

fn close(a: &[f64], b: &[f64]) {
    assert!(a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6), "{a:?} {b:?}");
}

#[test]
fn shares_of_a_worked_example() {
    let history = history(&[(0, 0, 0, 3), (0, 0, 1, 1), (0, 2, 1, 4), (1, 1, 2, 8)]);
    let popularity = vec![0.5, 0.25, 0.25];
    close(&average(&history, 0, 3, 1, &popularity), &[0.0, 1.0, 0.0]);
    close(&average(&history, 0, 3, 2, &popularity), &[0.375, 0.625, 0.0]);
    let frequency = UserFrequency { popularity: popularity.clone() };
    close(&frequency.shares(&history, 0, 3), &[3.0 / 8.0, 5.0 / 8.0, 0.0]);
    close(&frequency.shares(&history, 1, 1), &popularity);
    let last = Popularity { train: popularity.clone(), last: true };
    close(&last.shares(&history, 2), &[0.0, 0.0, 1.0]);
    close(&last.shares(&history, 0), &popularity);
    close(&Popularity { last: false, ..last }.shares(&history, 2), &popularity);
}

#[test]
fn a_chain_counts_products_of_shares_and_backs_off() {
    let history = history(&[(0, 0, 0, 1), (0, 1, 1, 3), (0, 1, 2, 1), (0, 3, 0, 5), (1, 2, 2, 2)]);
    let mut prior = Prior::new(&history, 0..3, 1.0, 1.0).unwrap();
    prior.popularity = vec![0.5, 0.25, 0.25];
    let ranker = Ranker::new(&history.sum(0..3));
    let mut markov = Markov::choose(&history, 0..3, prior.clone(), &[], &ranker);
    // Only 0 → {1: 3/4, 2: 1/4} lies within the train windows.
    assert_eq!(markov.transitions.row(0), (&[1, 2][..], &[0.75, 0.25][..]));
    assert_eq!(markov.transitions.len(), 2);
    (markov.smoothing, markov.share) = (1.0, 1.0);
    let background = prior.background(&history, 1);
    close(&background, &[0.75, 0.125, 0.125]);
    close(&markov.shares(&history, 0, 1), &[0.375, 0.375 + 0.0625, 0.125 + 0.0625]);
    // Nothing is known of what follows 2: the popularity alone.
    close(&markov.shares(&history, 1, 3), &prior.background(&history, 3));
    markov.share = 0.0;
    close(&markov.shares(&history, 0, 1), &prior.shares(&history, 0, 1));
}

#[test]
fn what_is_chosen_is_best_on_validation() {
    // From window 1 on everyone turns to domain 2: the last window tells, the train windows' sum does not.
    let mut events = Vec::new();
    for user in 0..9 {
        events.extend([(user, 0, user % 2, 20), (user, 1, 2, 6), (user, 2, 2, 6), (user, 3, 2, 6)]);
    }
    let history = history(&events);
    let split = Split { train: 0..2, validation: 2..3, test: 3..4 };
    let validation = history.instances(split.validation.clone(), 5, 5);
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let chosen = Popularity::choose(&history, split.train.clone(), &validation, &ranker).unwrap();
    assert!(chosen.last);
    assert_eq!(moving_average(&history, &validation, &ranker, &chosen.train), 1);
    let none = Popularity::choose(&history, split.train, &[], &ranker).unwrap();
    assert!(!none.last);
}
