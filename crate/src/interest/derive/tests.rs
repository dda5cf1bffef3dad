use std::collections::BTreeMap;

use super::*;
use crate::{
    event::ItemTable,
    synth::{SampleOptions, Synth, SynthOptions},
};

/// Adjusted Rand index (Hubert & Arabie 1985) of two labellings.
fn adjusted_rand(a: &[u32], b: &[u32]) -> f64 {
    let pairs = |n: f64| n * (n - 1.0) / 2.0;
    let count = |labels: Vec<(u32, u32)>| {
        let mut table = BTreeMap::<(u32, u32), f64>::new();
        labels.into_iter().for_each(|label| *table.entry(label).or_default() += 1.0);
        table.values().map(|&n| pairs(n)).sum::<f64>()
    };
    let both = count(a.iter().copied().zip(b.iter().copied()).collect());
    let (one, two) = (count(a.iter().map(|&x| (x, 0)).collect()), count(b.iter().map(|&x| (x, 0)).collect()));
    let expected = one * two / pairs(a.len() as f64);
    (both - expected) / ((one + two) / 2.0 - expected)
}

/// The log without its domains, and the domains.
fn bare(log: &Log) -> (Log, Vec<u32>) {
    let mut bare = log.clone();
    let truth = (0..log.items.len() as u32).map(|item| log.items.domain(item)).collect();
    bare.domains = Default::default();
    bare.items = ItemTable::default();
    for item in 0..log.items.len() as u32 {
        bare.items.intern(log.items.name(item), NONE);
        if let Some(title) = log.items.title(item) {
            bare.items.set_title(log.items.name(item), title);
        }
    }
    (bare, truth)
}

fn labels(log: &Log) -> Vec<u32> {
    (0..log.items.len() as u32).map(|item| log.items.domain(item)).collect()
}

#[test]
fn the_index_knows_equal_and_independent_labellings() {
    assert_eq!(adjusted_rand(&[0, 0, 1, 1, 2], &[5, 5, 3, 3, 4]), 1.0);
    assert!(adjusted_rand(&[0, 0, 1, 1], &[0, 1, 0, 1]) < 0.0);
}

#[test]
fn derived_domains_agree_with_planted_ones_and_a_rerun_with_the_run() {
    let synth = Synth::sample(SampleOptions { users: 1500, days: 100, seed: 8 }).unwrap();
    let (mut log, truth) = bare(&synth.log(|_| Ok(())).unwrap());
    let mut again = log.clone();
    let derived = derive_domains(&mut log).unwrap();
    let agreement = adjusted_rand(&labels(&log), &truth);
    println!("{derived:?}, adjusted Rand index {agreement:.3}");
    assert!(agreement >= 0.9, "{agreement} with {derived:?}");
    assert_eq!((log.without_domain(), derived.items), (0, log.items.len()));
    derive_domains(&mut again).unwrap();
    assert_eq!(labels(&again), labels(&log));
    assert!(again.domains.iter().eq(log.domains.iter()));
    assert!(log.domains.name(0).contains(" · "), "{}", log.domains.name(0));
}

#[test]
fn items_without_a_domain_join_those_that_have_one() {
    let synth = Synth::new(SynthOptions::clean_movers(SampleOptions { users: 300, days: 100, seed: 5 })).unwrap();
    let full = synth.log(|_| Ok(())).unwrap();
    let mut log = full.clone();
    let removed: Vec<u32> = (0..log.items.len() as u32).step_by(5).collect();
    removed.iter().for_each(|&item| log.items.set_domain(item, NONE));
    let derived = derive_domains(&mut log).unwrap();
    let seen = item_counts(&full);
    let seen: Vec<u32> = removed.into_iter().filter(|&item| seen[item as usize] > 0).collect();
    let right = seen.iter().filter(|&&item| log.items.domain(item) == full.items.domain(item)).count();
    assert!(right * 100 >= seen.len() * 95, "{right} of {}, {derived:?}", seen.len());
    assert_eq!(log.without_domain(), 0);
}

#[test]
fn a_log_without_any_company_is_one_domain() {
    let mut log = Log::new();
    for n in 0..5u32 {
        let (user, item) = (log.users.intern(&format!("u{n}")), log.items.intern(&format!("i{n}"), NONE));
        log.push(crate::event::Event { user, item, time: n, kind: 0, platform: 0 });
    }
    assert_eq!(derive_domains(&mut log).unwrap_err().code(), "state");
    log.sort();
    assert_eq!(derive_domains(&mut log).unwrap(), Derived { domains: 1, items: 5, others: 5 });
    assert_eq!(log.domains.name(log.items.domain(3)), OTHER);
    assert_eq!(derive_domains(&mut log).unwrap().items, 0);
}

#[test]
fn long_titles_are_cut_between_characters() {
    assert_eq!(short("跑步鞋跑步鞋跑步鞋跑步鞋跑步鞋跑步鞋跑步鞋跑步鞋跑步鞋跑步鞋").chars().count(), NAME_CHARACTERS);
    assert_eq!(short("  Tent "), "Tent");
}
