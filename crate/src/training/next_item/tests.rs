//! A network carried from one log to another.

use super::*;
use crate::{
    graph::Csr,
    nn::{self, Device},
    training::{Silent, transfer::Delta},
};

/// Users who walk around circles of twelve items, a third of them by steps of five; an item's content is its circle.
fn circles(users: u32, circles: u32) -> (Sequences, Catalogue) {
    let walk = |user: u32| {
        let (circle, start, step) = (user % circles, user / circles, if user.is_multiple_of(3) { 5 } else { 1 });
        (0..8).map(|n| circle * 12 + (start + n * step) % 12).collect()
    };
    let items = circles as usize * 12;
    let sequences = Sequences::new(items, &(0..users).map(walk).collect::<Vec<_>>()).unwrap();
    let content = (0..circles * 12).map(|item| (item, item / 12, 1.0)).collect();
    (sequences, Catalogue::new(Csr::from_triplets(items, circles as usize, content)))
}

fn studied<T>(log: &(Sequences, Catalogue), with: impl FnOnce(&Study<'_>, &Device) -> T) -> T {
    let (train, validation) = (log.0.without_last(2), log.0.targets(1));
    let data = TwoStageData { train: &train, validation: &validation, catalogue: &log.1 };
    let device = pollster::block_on(nn::device()).unwrap();
    let study = pollster::block_on(Study::new(data, 1, &mut Silent)).unwrap();
    with(&study, &device)
}

fn train(study: &Study<'_>, start: &ItemNetwork, epochs: usize, device: &Device) -> (ItemNetwork, f64) {
    let tuning = ItemTuning { epochs, ..ItemTuning::usual(1) };
    pollster::block_on(async {
        let network = study.train(start, tuning, device, &mut Silent).await.unwrap();
        let score = study.judge(&network, device, &mut Silent).await.unwrap();
        (network, score)
    })
}

fn judged(study: &Study<'_>, network: &ItemNetwork, device: &Device) -> f64 {
    pollster::block_on(study.judge(network, device, &mut Silent)).unwrap()
}

#[test]
fn networks_learn_to_order_the_candidates() {
    studied(&circles(60, 4), |study, device| {
        for graph in [false, true] {
            let start = study.untrained(graph);
            let (network, score) = train(study, &start, 8, device);
            assert!(score > judged(study, &start, device), "{graph}: {score}");
            assert_eq!((network.convolves(), train(study, &start, 8, device).0), (graph, network.clone()));
        }
    });
}

#[test]
fn what_a_network_learned_on_one_log_helps_on_another_with_other_items() {
    let learned = studied(&circles(300, 25), |study, device| train(study, &study.untrained(true), 8, device).0);
    studied(&circles(60, 4), |study, device| {
        let carried = study.carried(&learned);
        let (at_once, untrained) = (judged(study, &carried, device), judged(study, &study.untrained(true), device));
        assert!(at_once > untrained, "{at_once} {untrained}");
        let (tuned, _) = train(study, &carried, 2, device);
        assert_ne!(tuned.parameters(), carried.parameters());
        // What tuning changed can be applied and taken back exactly.
        let delta = Delta::between(carried.parameters(), tuned.parameters()).unwrap();
        let applied = carried.with_parameters(delta.apply(carried.parameters()).unwrap()).unwrap();
        assert_eq!(applied.parameters(), tuned.parameters());
        assert_eq!(delta.take_back(tuned.parameters()).unwrap(), carried.parameters());
        assert!(carried.with_parameters(Vec::new()).is_err());
    });
}

#[test]
fn a_log_without_a_next_item_teaches_nothing() {
    let alone = Sequences::new(4, &[vec![0], vec![1], vec![2, 3]]).unwrap();
    let catalogue = Catalogue::new(Csr::from_triplets(4, 0, Vec::new()));
    let (train, validation) = (alone.without_last(1), alone.targets(0));
    let data = TwoStageData { train: &train, validation: &validation, catalogue: &catalogue };
    pollster::block_on(async {
        let device = nn::device().await.unwrap();
        let study = Study::new(data, 1, &mut Silent).await.unwrap();
        let refused = study.train(&study.untrained(false), ItemTuning::usual(1), &device, &mut Silent).await;
        assert!(matches!(refused, Err(crate::Error::NotEnough { .. })));
    });
}
