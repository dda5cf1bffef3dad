use pollster::block_on;

use super::{pools::graph, *};
use crate::{
    Error,
    graph::Csr,
    nn::Device,
    training::{
        Checkpoint, Silent,
        next_item::{Catalogue, Sequences, Target},
        sequence::tests::Keep,
    },
};

fn options() -> ItemGraphOptions {
    ItemGraphOptions {
        width: 16,
        layers: 2,
        neighbours: 5,
        reach: 1,
        decays: vec![0.0, 0.5],
        dropout: 0.0,
        epochs: 40,
        batch: 64,
        learning_rate: 1e-2,
        weight_decay: 0.0,
        negatives: 1000,
        popularity: 0.5,
        folds: 3,
        patience: 40,
    }
}

fn catalogue(items: usize) -> Catalogue {
    Catalogue::new(Csr::from_triplets(items, 0, Vec::new()))
}

/// Everyone walks the same cycle from a place of their own.
fn cycle() -> Sequences {
    const ITEMS: u32 = 12;
    let walk = |user: u32| (0..3 + user % 7).map(|step| (user * 7 + step * 5) % ITEMS).collect();
    Sequences::new(ITEMS as usize, &(0..90).map(walk).collect::<Vec<_>>()).unwrap()
}

fn fit(train: &Sequences, validation: &[Target], options: &ItemGraphOptions) -> ItemGraphModel {
    let catalogue = catalogue(train.items());
    let data = ItemGraphData { train, catalogue: &catalogue, validation };
    block_on(ItemGraphModel::fit(data, options, 3, None, &Device::flex(), &mut Silent)).unwrap().0
}

/// Scores of all items, user by user.
fn scores(model: &ItemGraphModel, inputs: &Sequences, users: &[u32]) -> Vec<Vec<f32>> {
    let mut out = Vec::new();
    block_on(model.each_scores(inputs, users, &Device::flex(), &mut Silent, |_, scores| out.push(scores.to_vec())))
        .unwrap();
    out
}

fn accuracy(model: &ItemGraphModel, inputs: &Sequences, targets: &[Target]) -> f64 {
    let users: Vec<u32> = targets.iter().map(|target| target.user).collect();
    let best = |scores: &Vec<f32>| (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let right =
        scores(model, inputs, &users).iter().zip(targets).filter(|(s, t)| best(s) == Some(t.item as usize)).count();
    right as f64 / targets.len() as f64
}

#[test]
fn a_cycle_is_learned_with_the_full_softmax_and_with_samples() {
    let all = cycle();
    let (train, validation, test) = (all.without_last(2), all.targets(1), all.targets(0));
    for negatives in [1000, 6] {
        let model = fit(&train, &validation, &ItemGraphOptions { negatives, ..options() });
        let accuracy = accuracy(&model, &all.without_last(1), &test);
        assert!(accuracy > 0.9, "{negatives} negatives: {accuracy}");
    }
}

#[test]
fn the_graph_joins_what_follows_and_leaves_out_whom_it_is_told_to() {
    let sequences = Sequences::new(4, &[vec![0, 1, 2], vec![3, 0]]).unwrap();
    let [before, after] = graph(&sequences, &options(), |user| user == 0);
    assert_eq!([0, 1, 2, 3].map(|item| before.row(item).0.to_vec()), [vec![], vec![0], vec![1], vec![]]);
    assert_eq!([0, 1, 2, 3].map(|item| after.row(item).0.to_vec()), [vec![1], vec![2], vec![], vec![]]);
    let [before, after] = graph(&sequences, &ItemGraphOptions { reach: 2, ..options() }, |_| true);
    assert_eq!([0, 2].map(|item| before.row(item).0.to_vec()), [vec![3], vec![0, 1]]);
    assert!(
        after
            .row_sums()
            .iter()
            .zip([true, true, false, true])
            .all(|(sum, some)| (sum - f32::from(u8::from(some))).abs() < 1e-6)
    );
}

#[test]
fn as_many_hops_are_seen_as_there_are_layers() {
    let chain = Sequences::new(6, &[vec![0, 1], vec![1, 2], vec![2, 3], vec![4, 5]]).unwrap();
    let validation = [Target { user: 0, item: 2 }];
    for (layers, reached) in [(1, [true, true, false, false]), (2, [true, true, true, false])] {
        let mut model = fit(&chain, &validation, &ItemGraphOptions { layers, epochs: 1, ..options() });
        let embeddings = |model: &ItemGraphModel| block_on(model.item_embeddings(&Device::flex())).unwrap();
        let before = embeddings(&model);
        model.move_item(0);
        let after = embeddings(&model);
        let changed = |item: usize| before[item * 16..][..16] != after[item * 16..][..16];
        assert_eq!([0, 1, 2, 3].map(changed), reached, "{layers} layers");
    }
}

#[test]
fn scores_are_the_products_of_the_embeddings_plus_a_bias_for_each_item() {
    let all = cycle();
    let model = fit(&all.without_last(2), &all.targets(1), &ItemGraphOptions { epochs: 2, ..options() });
    let device = Device::flex();
    let items = block_on(model.item_embeddings(&device)).unwrap();
    let users = block_on(model.user_embeddings(&all, &[5, 9], &device)).unwrap();
    let found = scores(&model, &all, &[5, 9]);
    let bias = |user: usize, item: usize| {
        let product = users[user * 16..][..16].iter().zip(&items[item * 16..]).map(|(a, b)| a * b).sum::<f32>();
        found[user][item] - product
    };
    assert!((0..12).all(|item| (bias(0, item) - bias(1, item)).abs() < 1e-4));
    assert_ne!(found[0], found[1]);
}

#[test]
fn the_same_seed_gives_the_same_model_a_resumed_run_too_and_bytes_bring_it_back() {
    let all = cycle();
    let (train, validation, catalogue) = (all.without_last(2), all.targets(1), catalogue(12));
    let data = ItemGraphData { train: &train, catalogue: &catalogue, validation: &validation };
    let settings = ItemGraphOptions { epochs: 3, dropout: 0.2, negatives: 5, ..options() };
    let run = |resume: Option<Checkpoint>, watch: &mut Keep| {
        block_on(ItemGraphModel::fit(data, &settings, 3, resume, &Device::flex(), watch)).map(|fitted| fitted.0)
    };
    let mut watch = Keep::default();
    let model = run(None, &mut watch).unwrap();
    assert!(model == run(None, &mut Keep::default()).unwrap());
    let first = Checkpoint::from_bytes(&watch.checkpoints[0]).unwrap();
    assert!(model == run(Some(first), &mut Keep::default()).unwrap());
    let bytes = postcard::to_allocvec(&model).unwrap();
    assert!(postcard::from_bytes::<ItemGraphModel>(&bytes).unwrap() == model);
    assert!(matches!(run(None, &mut Keep { stop: Some(0), ..Keep::default() }), Err(Error::Cancelled)));
}
