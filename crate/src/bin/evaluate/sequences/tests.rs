use std::path::PathBuf;

use driftscope::{
    evaluation::{
        ModelName,
        next_item::{NextItemRun, evaluate_next_item},
    },
    nn,
    training::Silent,
};

use super::*;

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

#[test]
fn the_loader_gives_the_protocols_numbers() {
    let table = [
        ("lastfm_hetrec", [1_090, 3_646, 52_551]),
        ("amazon_beauty", [22_363, 12_101, 198_502]),
        ("amazon_sports", [35_598, 18_357, 296_337]),
    ];
    for (name, numbers) in table {
        let Some(folder) = folder(name) else { continue };
        let set = load(&folder).unwrap();
        assert_eq!([set.users.len(), set.items.len(), set.sequences.len()], numbers, "{name}");
        assert_eq!(set.catalogue.content.rows(), set.items.len());
    }
}

#[test]
fn popularity_scores_as_in_the_protocol() {
    // PROTOCOL.md, "What to beat: LLO": HR@10 / NDCG@10, refit and no-refit.
    let Some(folder) = folder("lastfm_hetrec") else { return };
    let set = load(&folder).unwrap();
    let device = pollster::block_on(nn::device()).unwrap();
    for (refit, hr10, ndcg10) in [(true, 0.044, 0.020), (false, 0.039, 0.018)] {
        let run = NextItemRun { model: ModelName::Popularity, seed: 1, refit };
        let mut silent = Silent;
        let scored = evaluate_next_item(&set.sequences, &set.catalogue, run, &device, &mut silent);
        let test = pollster::block_on(scored).unwrap().test;
        // One user is .0009; equal counts are ordered by another rule there.
        assert!((test.hr10 - hr10).abs() < 0.002 && (test.ndcg10 - ndcg10).abs() < 0.001, "{refit} {test:?}");
    }
}
