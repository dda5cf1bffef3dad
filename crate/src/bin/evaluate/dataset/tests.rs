use std::path::PathBuf;

use driftscope::training::History;

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
