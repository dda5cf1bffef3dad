//! Each metric against scikit-learn 1.9.1, scipy 1.17.1 and numpy 2.4.6, whose calls are cited; the inputs are made by
//! formulas that are easy to type into either language.

use super::*;
use crate::{
    event::{Event, Log},
    interest::Windows,
    training::{History, Ranker},
};

fn close(got: f64, expected: f64) {
    assert!((got - expected).abs() < 1e-12, "{got} {expected}");
}

const DOMAINS: u32 = 6;
const DAY: u32 = 86_400;

/// Events of user `i` in domain `c` on the second day; numpy: `G=(i*7+c*11+i*c*3)%9; G[:,4]=0; G=np.minimum(G,7)`.
fn gain(i: u32, c: u32) -> u32 {
    if c == 4 { 0 } else { ((i * 7 + c * 11 + i * c * 3) % 9).min(7) }
}

/// Shares forecast for user `i`; numpy: `W=(i*17+c*c*29+i*c*5+3)%23+1; W[:,3]=1; W[::2]+=G[::2]**3; W[:,3]=1`, each row
/// divided by its sum.
fn shares(i: u32) -> Vec<f64> {
    let sure = |c: u32| if i.is_multiple_of(2) { gain(i, c).pow(3) } else { 0 };
    let weight = |c: u32| if c == 3 { 1 } else { (i * 17 + c * c * 29 + i * c * 5 + 3) % 23 + 1 + sure(c) };
    let weights: Vec<f64> = (0..DOMAINS).map(|c| f64::from(weight(c))).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// 80 users with a first day whose label is `i * 3 % 6` (none where 7 divides `i`), scored on the second.
fn outcomes() -> Vec<Outcome> {
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    let items: Vec<u32> = (0..DOMAINS)
        .map(|c| {
            let domain = log.domains.intern(&format!("d{c}"));
            log.items.intern(&format!("i{c}"), domain)
        })
        .collect();
    for i in 0..80 {
        let user = log.users.intern(&format!("u{i}"));
        let mut add = |day: u32, c: u32, events: u32| {
            for _ in 0..events {
                log.push(Event { user, item: items[c as usize], time: day * DAY, kind, platform: 0 });
            }
        };
        if i % 7 == 0 {
            add(0, 0, 3);
            add(0, 1, 3);
        } else {
            add(0, i * 3 % 6, 5);
        }
        (0..DOMAINS).for_each(|c| add(1, c, gain(i, c)));
    }
    log.sort();
    let history = History::new(&log, Windows::fixed(0, DAY, 2).unwrap()).unwrap();
    let ranker = Ranker::new(&[0; DOMAINS as usize]);
    let instances = history.instances(1..2, 5, 5);
    instances.iter().map(|own| Outcome::new(&history, own, &ranker, &shares(own.user))).collect()
}

#[test]
fn interest_metrics_agree_with_scikit_learn() {
    let m = metrics(&outcomes());
    assert_eq!((m.instances, m.labelled, m.classes, m.transfer, m.stable), (80, 44, 3, 27, 10));
    // `rank`: 6 for a user's first domain down to 1; `y`, `p`: label and first domain of the labelled; `L = sorted(set(y))`.
    // ndcg_score(G, rank, k=10)
    close(m.ndcg10, 0.857_858_356_062_016_9);
    // accuracy_score(y, p); top_k_accuracy_score(y, rank, k=3, labels=range(6))
    close(m.accuracy, 0.363_636_363_636_363_65);
    close(m.accuracy_top3, 0.545_454_545_454_545_4);
    // precision_score(y, p, labels=L, average='macro', zero_division=0), recall_score and f1_score likewise
    close(m.macro_precision, 0.368_055_555_555_555_6);
    close(m.macro_recall, 0.388_888_888_888_888_9);
    close(m.macro_f1, 0.374_416_433_239_962_65);
    // accuracy_score where the previous label differs, and where it is the same
    close(m.accuracy_transfer, 0.333_333_333_333_333_3);
    close(m.accuracy_stable, 0.4);
    // brier_score_loss(y, S, labels=range(6), scale_by_half=False)
    close(m.brier, 0.881_716_433_900_945_8);
    // a, b = calibration_curve(y == p, S.max(1), n_bins=10); n = np.histogram(S.max(1), np.linspace(0, 1, 11))[0] where > 0;
    // (n / 44 * abs(a - b)).sum()
    close(m.calibration_error, 0.289_808_054_181_214_7);
}

#[test]
fn the_reliability_diagram_is_scikit_learns() {
    let bins = reliability(&outcomes());
    assert_eq!(bins.iter().map(|bin| bin.count).collect::<Vec<_>>(), [0, 0, 9, 10, 6, 13, 0, 4, 2, 0]);
    let full: Vec<&ReliabilityBin> = bins.iter().filter(|bin| bin.count > 0).collect();
    let accuracy = [0.0, 0.2, 0.666_666_67, 0.769_230_77, 0.0, 0.0];
    let confidence = [0.267_363_52, 0.341_858_62, 0.445_790_93, 0.545_243_11, 0.748_634_69, 0.847_531_89];
    for (bin, (accuracy, confidence)) in full.iter().zip(accuracy.into_iter().zip(confidence)) {
        assert!((bin.accuracy - accuracy).abs() < 1e-8 && (bin.confidence - confidence).abs() < 1e-8, "{bin:?}");
        assert!(bin.low < bin.confidence && bin.confidence <= bin.high, "{bin:?}");
    }
}

#[test]
fn the_confusion_matrix_is_scikit_learns() {
    let matrix = confusion(&outcomes(), |id| format!("d{id}"));
    let names: Vec<&str> = matrix.domains.iter().map(|domain| domain.name.as_str()).collect();
    assert_eq!(names, ["d2", "d3", "d0"]);
    // `confusion_matrix(y, p, labels=[2, 3, 0, 1, 4, 5])`, the columns of the last three, which are no label, summed.
    assert_eq!(matrix.counts, [11, 0, 3, 4, 5, 0, 4, 8, 0, 0, 5, 4, 0, 0, 0, 0]);
    let m = metrics(&outcomes());
    assert_eq!(matrix.counts.iter().sum::<usize>(), m.labelled);
    let side = matrix.domains.len() + 1;
    let hits: usize = (0..side).map(|at| matrix.counts[at * side + at]).sum();
    close(hits as f64 / m.labelled as f64, m.accuracy);
}

#[test]
fn rare_labels_are_confused_as_others() {
    let outcome = |label: u32, first: u32| Outcome {
        user: 0,
        ndcg10: 1.0,
        label: Some(label),
        previous: None,
        ranked: vec![first],
        confidence: 0.5,
        runner_up: 0.0,
        squared_error: 0.5,
    };
    // Label `n` occurs 20 − n times and is always taken for the next one.
    let all: Vec<Outcome> = (0..20).flat_map(|n| (n..20).map(move |_| outcome(n, n + 1))).collect();
    let matrix = confusion(&all, |id| id.to_string());
    assert_eq!(matrix.domains.iter().map(|domain| domain.id).collect::<Vec<_>>(), (0..12).collect::<Vec<_>>());
    let at = |row: usize, column: usize| matrix.counts[row * (CONFUSED + 1) + column];
    assert_eq!((at(0, 1), at(1, 0), at(11, 12), at(12, 12)), (20, 0, 9, 8 * 9 / 2));
    assert_eq!(confusion(&[], |id| id.to_string()), Confusion { domains: vec![], counts: vec![0] });
}

#[test]
fn a_model_that_is_right_as_often_as_it_says_has_no_calibration_error() {
    let outcome = |hit: bool| Outcome {
        user: 0,
        ndcg10: 1.0,
        label: Some(0),
        previous: None,
        ranked: vec![u32::from(!hit)],
        confidence: 0.75,
        runner_up: 0.0,
        squared_error: 0.0,
    };
    let some = |hits: usize| -> Vec<Outcome> { (0..20).map(|i| outcome(i < hits)).collect() };
    close(metrics(&some(15)).calibration_error, 0.0);
    close(metrics(&some(5)).calibration_error, 0.5);
    let m = metrics(&[]);
    assert!(m.calibration_error.is_nan() && m.brier.is_nan() && m.macro_precision.is_nan() && m.ndcg10.is_nan());
}

/// 12 entries with attributes `B[d][a] = (d*d+3*a+d*a) % 4 == 0 or a == d % 9`, and `events = (d*37+11) % 50`, none of entry 3.
fn catalogue() -> Catalogue {
    let attributes = |d: u32| (0..9).filter(|&a| (d * d + 3 * a + d * a).is_multiple_of(4) || a == d % 9).collect();
    let events: Vec<u64> = (0..12).map(|d| if d == 3 { 0 } else { (d * 37 + 11) % 50 }).collect();
    Catalogue::new(&events, (0..12).map(attributes).collect())
}

#[test]
fn list_metrics_agree_with_scipy() {
    let lists = [[0, 2, 6, 8], [5, 7, 11, 1], [10, 0, 4, 6]];
    let m = list_metrics(lists.iter().map(<[u32; 4]>::as_slice), &catalogue());
    // np.mean([scipy.spatial.distance.pdist(B[l], 'cosine').mean() for l in lists])
    close(m.diversity, 0.420_655_376_095_805);
    // p = (events + 1) / (events.sum() + 12); np.mean([-np.log2(p[l]).mean() for l in lists])
    close(m.novelty, 3.824_100_131_200_973);
    close(m.coverage, 10.0 / 12.0);
}

#[test]
fn lists_of_one_entry_have_no_diversity_and_unknown_ids_do_not_count() {
    let lists: [&[u32]; 3] = [&[4], &[], &[99, 3]];
    let m = list_metrics(lists, &catalogue());
    assert!(m.diversity.is_nan());
    close(m.coverage, 2.0 / 12.0);
    // Two copies of one thing are as alike as can be; an entry without attributes is like nothing.
    let alike = Catalogue::new(&[1, 1, 1], vec![vec![7, 2], vec![2, 7, 7]]);
    close(alike.similarity(0, 1), 1.0);
    close(alike.similarity(0, 2), 0.0);
    close(list_metrics([[0, 1].as_slice(), &[0, 2]], &alike).diversity, 0.5);
}

/// Hours, kinds and items of one user.
fn shop(events: &[(f64, &str, &str)]) -> Log {
    let mut log = Log::new();
    let user = log.users.intern("ann");
    for &(hour, kind, item) in events {
        let domain = log.domains.intern("d");
        let item = log.items.intern(item, domain);
        let kind = log.kinds.intern(kind).unwrap();
        log.push(Event { user, item, time: (hour * 3600.0) as u32, kind, platform: 0 });
    }
    log.sort();
    log
}

#[test]
fn replay_counts_sessions_whose_clicks_and_purchases_are_in_the_list() {
    let log = shop(&[
        (1.0, "pv", "a"),
        // A session of its own: the first one that has a past.
        (2.0, "pv", "b"),
        (2.1, "cart", "c"),
        (2.2, "buy", "c"),
        // Just half an hour later.
        (2.7, "pv", "a"),
        (9.0, "buy", "d"),
        (20.0, "review", "a"),
    ]);
    let id = |name: &str| log.items.find(name).unwrap();
    let found = occasions(&log, 0, SESSION_GAP);
    let places: Vec<(u32, usize)> = found.iter().map(|own| (own.time, own.past)).collect();
    assert_eq!(places, [(7200, 1), (9720, 4), (32_400, 5), (72_000, 6)]);
    assert_eq!((found[0].clicked.as_slice(), found[0].purchased.as_slice()), (&[id("b"), id("c")][..], &[id("c")][..]));
    let list = [id("c"), id("a")];
    let m = replay(&found, std::iter::repeat(list.as_slice()));
    // Of two sessions with a click both have one in the list; of two with a purchase one has.
    assert_eq!((m.ctr, m.conversion, m.clicking, m.buying), (1.0, 0.5, 2, 2));
    let only = [id("d")];
    let m = replay(&found, std::iter::repeat(only.as_slice()));
    assert_eq!((m.ctr, m.conversion), (0.0, 0.5));
    assert_eq!(occasions(&log, 9720, SESSION_GAP).len(), 3);
    assert_eq!(occasions(&log, 0, 3601).len(), 2);
    assert!(replay(&[], []).ctr.is_nan());
}
