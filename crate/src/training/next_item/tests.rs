//! A network carried from one log to another.

use super::*;
use crate::{
    graph::Csr,
    nn::{self, Device},
    training::{Silent, transfer::Delta},
};

/// Users who walk around circles of six items, by steps of one or two; an item's content is its circle.
fn circles(users: u32, circles: u32) -> (Sequences, Catalogue) {
    let walk = |user: u32| {
        let (circle, start, step) = (user % circles, user / circles, 1 + user % 2);
        (0..6).map(|n| circle * 6 + (start + n * step) % 6).collect()
    };
    let sequences = Sequences::new(circles as usize * 6, &(0..users).map(walk).collect::<Vec<_>>()).unwrap();
    let content = (0..circles * 6).map(|item| (item, item / 6, 1.0)).collect();
    (sequences, Catalogue::new(Csr::from_triplets(circles as usize * 6, circles as usize, content)))
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

#[test]
fn what_a_network_learned_on_one_log_helps_on_another_with_other_items() {
    for graph in [false, true] {
        let (learned, start, end) = studied(&circles(300, 25), |study, device| {
            let start = study.untrained(graph);
            let before = pollster::block_on(study.judge(&start, device, &mut Silent)).unwrap();
            let (network, score) = train(study, &start, 8, device);
            (network, before, score)
        });
        assert!(end > start, "{graph}: {end} {start}");
        studied(&circles(60, 9), |study, device| {
            let carried = study.carried(&learned);
            let at_once = pollster::block_on(study.judge(&carried, device, &mut Silent)).unwrap();
            let untrained = pollster::block_on(study.judge(&study.untrained(graph), device, &mut Silent)).unwrap();
            assert!(at_once > untrained, "{graph}: {at_once} {untrained}");
            let (tuned, _) = train(study, &carried, 2, device);
            assert_ne!(tuned.parameters(), carried.parameters());
            assert_eq!(train(study, &carried, 2, device).0, tuned);
            // What tuning changed can be applied and taken back exactly.
            let delta = Delta::between(carried.parameters(), tuned.parameters()).unwrap();
            let applied = carried.with_parameters(delta.apply(carried.parameters()).unwrap()).unwrap();
            assert_eq!(applied.parameters(), tuned.parameters());
            assert_eq!(delta.take_back(tuned.parameters()).unwrap(), carried.parameters());
            assert!(carried.with_parameters(Vec::new()).is_err());
        });
    }
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
