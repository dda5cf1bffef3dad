use pollster::block_on;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::{
    Error,
    event::{Event, Log, NONE},
    graph::Csr,
    nn::Device,
    training::{
        Checkpoint, Observer, Silent, TrainingProgress,
        next_item::{Catalogue, NextItemData, Sequences, Target},
    },
};

fn options() -> SequenceOptions {
    SequenceOptions {
        length: 8,
        width: 16,
        heads: 2,
        layers: 1,
        dropout: 0.0,
        epochs: 30,
        batch: 16,
        learning_rate: 1e-2,
        weight_decay: 0.0,
        negatives: 1000,
        popularity: 0.5,
        content: true,
        patience: 30,
    }
}

fn catalogue(items: usize) -> Catalogue {
    Catalogue::new(Csr::from_triplets(items, 0, Vec::new()))
}

/// Share of the targets that rank first.
fn accuracy(model: &SequenceModel, inputs: &Sequences, targets: &[Target]) -> f64 {
    let users: Vec<u32> = targets.iter().map(|target| target.user).collect();
    let mut right = 0;
    let visit = |index: usize, scores: &[f32]| {
        let best = (0..scores.len() as u32).max_by(|&a, &b| scores[a as usize].total_cmp(&scores[b as usize]));
        right += usize::from(best == Some(targets[index].item));
    };
    block_on(model.each_scores(inputs, &users, &Device::flex(), &mut Silent, visit)).unwrap();
    right as f64 / targets.len() as f64
}

fn fit(train: &Sequences, validation: &[Target], options: &SequenceOptions) -> SequenceModel {
    let catalogue = catalogue(train.items());
    let data = SequenceData { train, catalogue: &catalogue, validation };
    block_on(SequenceModel::fit(data, options, 3, None, &Device::flex(), &mut Silent)).unwrap().0
}

/// Everyone walks the same cycle from a place of their own, for 3 to 11 steps.
fn cycle() -> Sequences {
    const ITEMS: u32 = 12;
    let walk = |user: u32| (0..3 + user % 9).map(|step| (user * 7 + step * 5) % ITEMS).collect();
    Sequences::new(ITEMS as usize, &(0..90).map(walk).collect::<Vec<_>>()).unwrap()
}

#[test]
fn a_cycle_is_learned_with_the_full_softmax_and_with_samples() {
    let all = cycle();
    let (train, validation, test) = (all.without_last(2), all.targets(1), all.targets(0));
    for (negatives, epochs) in [(1000, 30), (6, 40)] {
        let model = fit(&train, &validation, &SequenceOptions { negatives, epochs, ..options() });
        let accuracy = accuracy(&model, &all.without_last(1), &test);
        assert!(accuracy > 0.97, "{negatives} negatives: {accuracy}");
    }
}

/// Items 0 and 1 are followed by an item that only the gap between them decides: 2 after an hour, 3 after a month. The
/// first 120 users show it, the others are to be guessed.
#[test]
fn a_rule_on_the_time_gap_is_learned_only_where_times_are_known() {
    const SHOWN: u32 = 120;
    let mut random = Pcg64Mcg::seed_from_u64(8);
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    (0..4).for_each(|item| _ = log.items.intern(&item.to_string(), NONE));
    let mut targets = Vec::new();
    for user in 0..240 {
        log.users.intern(&user.to_string());
        let short = random.random::<f64>() < 0.5;
        let gap = if short { 3_000 + user } else { 2_500_000 + 1_000 * user };
        let next = if short { 2 } else { 3 };
        let events = [(0, 1_000), (1, 1_000 + gap), (next, 1_500 + gap)];
        for &(item, time) in &events[..if user < SHOWN { 3 } else { 2 }] {
            log.push(Event { user, item, time, kind, platform: 0 });
        }
        targets.push(Target { user, item: next });
    }
    log.sort();
    let seeing = NextItemData::of_log(&log).unwrap().sequences;
    let blind = Sequences::new(4, &seeing.iter().map(|one| one.items.to_vec()).collect::<Vec<_>>()).unwrap();
    let (choose, test) = targets[SHOWN as usize..].split_at(60);
    let settings = SequenceOptions { epochs: 12, ..options() };
    let accuracies = [seeing, blind].map(|all| accuracy(&fit(&all, choose, &settings), &all, test));
    assert!(accuracies[0] > 0.95, "{accuracies:?}");
    assert!(accuracies[1] < 0.75, "{accuracies:?}");
}

/// Two items of each of four groups follow on each other's group; a new item is known by its content only.
#[test]
fn content_tells_what_a_rare_item_is() {
    let attributes = Csr::from_triplets(9, 4, (0..9).map(|item| (item, item % 4, 1.0)).collect());
    let catalogue = Catalogue::new(attributes);
    let walk = |user: u32| -> Vec<u32> { (0..6).map(|step| (user + step) % 4 + 4 * ((user / 4 + step) % 2)).collect() };
    let mut users: Vec<Vec<u32>> = (0..60).map(walk).collect();
    // Item 8 has the content of items 0 and 4, and nobody ever went on from it.
    users.extend([vec![8, 1, 2]; 1]);
    let all = Sequences::new(9, &users).unwrap();
    let train = all.without_last(2);
    let data = SequenceData { train: &train, catalogue: &catalogue, validation: &all.targets(1) };
    let model = block_on(SequenceModel::fit(data, &options(), 1, None, &Device::flex(), &mut Silent)).unwrap().0;
    let mut found = Vec::new();
    block_on(model.each_scores(&train, &[60], &Device::flex(), &mut Silent, |_, scores| found = scores.to_vec()))
        .unwrap();
    let mut order: Vec<usize> = (0..9).collect();
    order.sort_by(|&a, &b| found[b].total_cmp(&found[a]));
    order.truncate(2);
    order.sort_unstable();
    assert_eq!(order, [1, 5]);
}

#[test]
fn the_same_seed_gives_the_same_model_and_bytes_bring_it_back() {
    let all = cycle();
    let (train, validation) = (all.without_last(2), all.targets(1));
    let settings = SequenceOptions { epochs: 2, dropout: 0.2, negatives: 5, ..options() };
    let model = fit(&train, &validation, &settings);
    assert!(model == fit(&train, &validation, &settings));
    let bytes = postcard::to_allocvec(&model).unwrap();
    assert!(postcard::from_bytes::<SequenceModel>(&bytes).unwrap() == model);
}

/// Keeps checkpoints, and ends the run after the `stop`th.
#[derive(Default)]
pub(in crate::training) struct Keep {
    pub checkpoints: Vec<Vec<u8>>,
    pub stop: Option<usize>,
    pub reports: usize,
}

impl Observer for Keep {
    fn progress(&mut self, _: TrainingProgress) {
        self.reports += 1;
    }

    fn checkpoint(&mut self, bytes: Vec<u8>) {
        self.checkpoints.push(bytes);
    }

    fn cancelled(&mut self) -> bool {
        self.stop.is_some_and(|stop| self.checkpoints.len() >= stop)
    }

    fn seconds(&mut self) -> f64 {
        0.0
    }

    async fn pause(&mut self) {}
}

#[test]
fn a_run_that_was_cancelled_goes_on_to_the_same_model() {
    let all = cycle();
    let (train, validation, catalogue) = (all.without_last(2), all.targets(1), catalogue(12));
    let data = SequenceData { train: &train, catalogue: &catalogue, validation: &validation };
    let settings = SequenceOptions { epochs: 4, dropout: 0.2, ..options() };
    let run = |resume: Option<Checkpoint>, watch: &mut Keep| {
        block_on(SequenceModel::fit(data, &settings, 3, resume, &Device::flex(), watch))
    };
    let mut whole = Keep::default();
    let (model, _) = run(None, &mut whole).unwrap();
    let mut half = Keep { stop: Some(2), ..Keep::default() };
    run(None, &mut half).unwrap();
    assert!(half.checkpoints == whole.checkpoints[..2]);
    let checkpoint = Checkpoint::from_bytes(&half.checkpoints[1]).unwrap();
    let (resumed, _) = run(Some(checkpoint), &mut Keep::default()).unwrap();
    assert!(resumed == model);
    assert!(whole.reports > 4);
    assert!(matches!(run(None, &mut Keep { stop: Some(0), ..Keep::default() }), Err(Error::Cancelled)));
}

#[test]
fn refitting_keeps_the_epoch_that_was_chosen() {
    let all = cycle();
    let (train, validation) = (all.without_last(2), all.targets(1));
    let settings = SequenceOptions { epochs: 5, ..options() };
    let model = fit(&train, &validation, &settings);
    let refit =
        |from: &Sequences| block_on(model.refit(from, &catalogue(12), 3, &Device::flex(), &mut Silent)).unwrap();
    let refitted = refit(&all.without_last(1));
    assert_eq!(refitted.epoch(), model.epoch());
    // Learning the same again for as many epochs gives the same.
    assert!(refit(&train) == model);
}

#[test]
fn too_little_to_learn_from_is_an_error() {
    let lonely = Sequences::new(3, &[vec![1], vec![2]]).unwrap();
    let (catalogue, target) = (catalogue(3), [Target { user: 0, item: 2 }]);
    for validation in [&target[..], &[]] {
        let data = SequenceData { train: &lonely, catalogue: &catalogue, validation };
        let run = block_on(SequenceModel::fit(data, &options(), 1, None, &Device::flex(), &mut Silent));
        assert!(matches!(run, Err(Error::NotEnough { .. })));
    }
}

#[test]
fn users_without_events_are_scored_and_other_items_refused() {
    let all = cycle();
    let model = fit(&all.without_last(2), &all.targets(1), &SequenceOptions { epochs: 1, ..options() });
    let some = Sequences::new(12, &[vec![], vec![3, 8]]).unwrap();
    let mut rows = Vec::new();
    let device = Device::flex();
    block_on(model.each_scores(&some, &[0, 1, 7], &device, &mut Silent, |index, scores| {
        rows.push((index, scores.to_vec()));
    }))
    .unwrap();
    assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(rows.iter().all(|row| row.1.len() == 12 && row.1.iter().all(|score| score.is_finite())));
    assert_eq!(rows[0].1, rows[2].1);
    assert_ne!(rows[0].1, rows[1].1);
    let others = Sequences::new(13, &[vec![3]]).unwrap();
    let refused = block_on(model.each_scores(&others, &[0], &device, &mut Silent, |_, _| {}));
    assert!(matches!(refused, Err(Error::Checkpoint { .. })));
}
