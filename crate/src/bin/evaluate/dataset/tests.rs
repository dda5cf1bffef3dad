use std::path::PathBuf;

use driftscope::{
    evaluation::{CompareOptions, ModelName, compare},
    nn,
    training::{History, Silent},
};

use super::Dataset;

/// The folder of a data set, or `None` with a line that says so.
fn folder(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DRIFTSCOPE_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no data set {name} in {}", root.display());
    None
}

/// The rows "to check your loader" of PROTOCOL.md: events, users, domains, train/val/test instances, unique top domains,
/// transfer, stable, events in the first and last periods.
#[expect(clippy::type_complexity, reason = "a row of the table")]
const TABLE: [(&str, [usize; 3], [usize; 3], [usize; 3], [u64; 3]); 3] = [
    ("ciao", [261_025, 7_278, 28], [6_140, 760, 1_622], [1_419, 427, 821], [21_068, 13_231, 1_945]),
    (
        "complete_journey",
        [1_174_166, 1_968, 301],
        [12_642, 1_451, 2_961],
        [2_159, 1_130, 464],
        [89_219, 92_650, 97_590],
    ),
    ("taobao_userbehavior", [84_440, 815, 2_913], [1_708, 404, 1_047], [909, 593, 152], [8_697, 8_788, 11_377]),
];

#[test]
fn the_loaders_give_the_protocols_numbers() {
    for (name, [events, users, domains], instances, labels, periods) in TABLE {
        let Some(folder) = folder(name) else { continue };
        let set = Dataset::find(name).unwrap();
        let log = (set.load)(&folder).unwrap();
        assert_eq!((log.len(), log.users.len(), log.domains.len()), (events, users, domains), "{name}");
        let history = History::new(&log, set.windows().unwrap()).unwrap();
        let split = set.split().unwrap();
        let part = |windows: &std::ops::Range<usize>| history.instances(windows.clone(), 5, 5);
        let test = part(&split.test);
        assert_eq!([part(&split.train).len(), part(&split.validation).len(), test.len()], instances, "{name}");
        let labelled = test.iter().filter(|instance| instance.label.is_some()).count();
        let changed = |same: bool| {
            test.iter().filter(|i| i.label.is_some() && i.previous.is_some() && (i.label == i.previous) == same).count()
        };
        assert_eq!([labelled, changed(false), changed(true)], labels, "{name}");
        let last = history.windows().len() - 1;
        let sum = |window: usize| history.totals(window).iter().map(|&n| u64::from(n)).sum::<u64>();
        assert_eq!([sum(0), sum(1), sum(last)], periods, "{name}");
    }
}

/// Test NDCG@10, accuracy, macro recall, macro F1, accuracy on transfer and stable of PROTOCOL.md's tables, measured by
/// score.py.
const PERSISTENT: [(&str, [f64; 6]); 3] = [
    ("ciao", [0.798, 0.612, 0.351, 0.343, 0.0, 1.0]),
    ("complete_journey", [0.489, 0.252, 0.105, 0.096, 0.0, 1.0]),
    ("taobao_userbehavior", [0.354, 0.189, 0.121, 0.110, 0.0, 1.0]),
];
const DECAY_PRIOR: [(&str, [f64; 6]); 3] = [
    ("ciao", [0.827, 0.631, 0.340, 0.329, 0.183, 0.910]),
    ("complete_journey", [0.573, 0.327, 0.129, 0.126, 0.184, 0.823]),
    ("taobao_userbehavior", [0.390, 0.205, 0.133, 0.119, 0.047, 0.888]),
];

#[test]
fn baselines_agree_with_the_protocols_scorer() {
    for (model, table) in [(ModelName::Persistent, PERSISTENT), (ModelName::DecayPrior, DECAY_PRIOR)] {
        for (name, expected) in table {
            let Some(folder) = folder(name) else { continue };
            let set = Dataset::find(name).unwrap();
            let log = (set.load)(&folder).unwrap();
            let history = History::new(&log, set.windows().unwrap()).unwrap();
            let device = pollster::block_on(nn::device()).unwrap();
            let split = set.split().unwrap();
            let run = CompareOptions::default();
            let data = (&log, &history);
            let compared = pollster::block_on(compare(data, &split, &[model], run, &device, &mut Silent)).unwrap();
            let m = compared.scored[0].test;
            let got = [m.ndcg10, m.accuracy, m.macro_recall, m.macro_f1, m.accuracy_transfer, m.accuracy_stable];
            for (got, expected) in got.iter().zip(expected) {
                // The tables have three digits.
                assert!((got - expected).abs() < 0.0006, "{name} {}: {got} {expected}", model.name());
            }
        }
    }
}
