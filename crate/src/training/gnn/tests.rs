use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::{
    batch::GraphBatch,
    snapshot::{Snapshots, hop_width, node_width},
    *,
};
use crate::{
    event::{Event, Log},
    interest::Windows,
    nn,
    training::{
        DnnOptions, Features, History, Instance, Observer, Prior, PriorGrid, Ranker, Run, Silent, Split, TOP,
        batch::Batch,
        fit, ndcg,
        online::{Learner, UpdateOptions, update},
    },
};

const STEP: u32 = 86_400;
const WINDOWS: u32 = 12;
const DOMAINS: u32 = 9;
/// What everyone keeps at, and what bridges do.
const HOBBY: u32 = 7;
const BRIDGE: u32 = 8;

/// Groups of four: a follower, a bridge and two leaders. Each day the leaders turn to a domain by chance; on the next day
/// their follower does what they did. The follower shares an item with the bridge, the bridge another one with the
/// leaders: what the follower does next stands two hops away, and nowhere else.
fn followers(groups: u32) -> Log {
    let mut random = Pcg64Mcg::seed_from_u64(8);
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    for domain in 0..DOMAINS {
        log.domains.intern(&format!("d{domain}"));
    }
    let push = |log: &mut Log, user: u32, window: u32, n: u32, item: &str, domain: u32| {
        let item = log.items.intern(item, domain);
        log.push(Event { user, item, time: window * STEP + n * 900, kind, platform: 0 });
    };
    for group in 0..groups {
        let users: Vec<u32> =
            ["follower", "bridge", "left", "right"].map(|role| log.users.intern(&format!("{role}{group}"))).to_vec();
        let mut before = random.random_range(0..HOBBY);
        for window in 0..WINDOWS {
            let now = random.random_range(0..HOBBY);
            for (&user, domain) in users.iter().zip([before, BRIDGE, now, now]) {
                for n in 0..5 {
                    push(&mut log, user, window, n, &format!("own{user}-{domain}"), domain);
                }
            }
            for (user, item) in [(0, "near"), (1, "near"), (1, "far"), (2, "far"), (3, "far")] {
                for n in 5..7 {
                    push(&mut log, users[user], window, n, &format!("{item}{group}"), HOBBY);
                }
            }
            before = now;
        }
    }
    log.sort();
    log
}

struct Case {
    log: Log,
    history: History,
    split: Split,
    prior: Prior,
    options: GnnOptions,
}

fn case(groups: u32) -> Case {
    let log = followers(groups);
    let history = History::new(&log, Windows::fixed(0, STEP, WINDOWS as usize).unwrap()).unwrap();
    let split = Split::choose(&history).unwrap();
    let validation = history.instances(split.validation.clone(), 5, 5);
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let prior = Prior::choose(&history, split.train.clone(), &validation, &ranker, PriorGrid::default()).unwrap();
    let mut dnn = DnnOptions::for_size(DOMAINS as usize, 500);
    (dnn.epochs, dnn.batch, dnn.patience, dnn.learning_rate) = (2, 32, 9, 1e-2);
    let options = GnnOptions { members: 1, ..GnnOptions::for_dnn(dnn) };
    Case { log, history, split, prior, options }
}

fn run(case: &Case, seed: u64, resume: Option<crate::training::Checkpoint>) -> FittedGnn {
    let Case { log, history, split, prior, options } = case;
    let fitted = async {
        let device = nn::device().await?;
        fit_gnn((log, history), split, prior, GnnRun { options, seed, resume }, &device, &mut Silent).await
    };
    pollster::block_on(fitted).unwrap()
}

fn shares_of(gnn: &Gnn, log: &Log, history: &History, requests: &[(u32, usize)]) -> Vec<Vec<f64>> {
    let mut out = Vec::new();
    let all = async {
        let device = nn::device().await?;
        let visit = |_: usize, shares: &[f64]| out.push(shares.to_vec());
        gnn.each_shares((log, history), requests, &device, &mut Silent, visit).await
    };
    pollster::block_on(all).unwrap();
    out
}

#[test]
fn it_learns_from_neighbours_of_neighbours() {
    let mut case = case(60);
    case.options.dnn.epochs = 12;
    let Case { log, history, split, prior, options } = &case;
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let all = history.instances(split.test.clone(), 5, 5);
    let led: Vec<&Instance> = all.iter().filter(|one| log.users.name(one.user).starts_with("follower")).collect();
    let requests: Vec<(u32, usize)> = led.iter().map(|one| (one.user, one.window)).collect();
    let mean = |shares: &[Vec<f64>]| -> f64 {
        let each = led.iter().zip(shares).map(|(one, shares)| ndcg(&ranker.top(shares, TOP), history.truth(one)));
        each.sum::<f64>() / led.len() as f64
    };
    let by_prior: Vec<Vec<f64>> = requests.iter().map(|&(user, window)| prior.shares(history, user, window)).collect();
    let mut by_dnn = Vec::new();
    let without_graph = async {
        let device = nn::device().await?;
        let run = Run { options: &options.dnn, seed: 1, resume: None };
        let fitted = fit(log, history, split, prior, run, &device, &mut Silent).await?;
        let visit = |_: usize, shares: &[f64]| by_dnn.push(shares.to_vec());
        fitted.dnn.each_shares((log, history), &requests, &device, &mut Silent, visit).await
    };
    pollster::block_on(without_graph).unwrap();
    let by_gnn = shares_of(&run(&case, 1, None).gnn, log, history, &requests);
    let (prior, dnn, gnn) = (mean(&by_prior), mean(&by_dnn), mean(&by_gnn));
    assert!(gnn > prior + 0.15 && gnn > dnn + 0.15, "prior {prior}, dnn {dnn}, gnn {gnn}");
}

#[test]
fn nothing_from_the_window_on_reaches_a_forecast() {
    let case = case(12);
    let gnn = run(&case, 2, None).gnn;
    let window = 9;
    let requests: Vec<(u32, usize)> = (0..48).map(|user| (user, window)).collect();
    let before = case.log.filtered(|_, event| event.time < window as u32 * STEP);
    let history = History::new(&before, case.history.windows().clone()).unwrap();
    assert!(before.len() < case.log.len());
    let whole = shares_of(&gnn, &case.log, &case.history, &requests);
    assert_eq!(whole, shares_of(&gnn, &before, &history, &requests));
    assert!(whole.iter().all(|shares| (shares.iter().sum::<f64>() - 1.0).abs() < 1e-6));
}

/// Keeps all checkpoints of a run.
#[derive(Default)]
struct Checkpoints(Vec<Vec<u8>>);

impl Observer for Checkpoints {
    fn progress(&mut self, _: crate::training::TrainingProgress) {}

    fn checkpoint(&mut self, bytes: Vec<u8>) {
        self.0.push(bytes);
    }

    fn cancelled(&mut self) -> bool {
        false
    }

    fn seconds(&mut self) -> f64 {
        0.0
    }

    async fn pause(&mut self) {}
}

fn checkpoints(case: &Case, seed: u64) -> Vec<crate::training::Checkpoint> {
    let mut kept = Checkpoints::default();
    let Case { log, history, split, prior, options } = case;
    let watched = async {
        let device = nn::device().await?;
        let run = GnnRun { options, seed, resume: None };
        fit_gnn((log, history), split, prior, run, &device, &mut kept).await
    };
    pollster::block_on(watched).unwrap();
    kept.0.iter().map(|bytes| crate::training::Checkpoint::from_bytes(bytes).unwrap()).collect()
}

#[test]
fn the_same_seed_gives_the_same_bits_also_across_a_restart() {
    let mut case = case(12);
    case.options.members = 2;
    let one = run(&case, 5, None);
    assert_eq!(one.gnn, run(&case, 5, None).gnn);
    assert_ne!(one.gnn.parameters(), run(&case, 6, None).gnn.parameters());
    let checkpoint = checkpoints(&case, 5).swap_remove(0);
    assert_eq!(checkpoint.epoch(), 1);
    assert_eq!(one.gnn, run(&case, 5, Some(checkpoint)).gnn);
}

#[test]
fn a_fusion_starts_from_trained_networks_or_anew() {
    let mut case = case(12);
    case.options = case.options.fused();
    let carried = run(&case, 4, None);
    assert_eq!(carried.gnn, run(&case, 4, None).gnn);
    // Two epochs of the pair networks, two of the graph convolutions, one of both: it goes on from any of them.
    let kept = checkpoints(&case, 4);
    assert_eq!(kept.iter().map(|one| one.epoch()).collect::<Vec<_>>(), [1, 2, 1, 2, 1]);
    assert_eq!(kept.len(), case.options.passes());
    for checkpoint in kept.into_iter().step_by(2) {
        assert_eq!(carried.gnn, run(&case, 4, Some(checkpoint)).gnn);
    }
    case.options.carry_over = false;
    let anew = run(&case, 4, None);
    assert_eq!(anew.checkpoint.epoch(), case.options.dnn.epochs);
    assert_ne!(anew.gnn.parameters(), carried.gnn.parameters());
    let requests: Vec<(u32, usize)> = (0..48).map(|user| (user, 8)).collect();
    let found = async {
        let device = nn::device().await?;
        let data = (&case.log, &case.history);
        carried.gnn.user_embeddings(data, &requests, &device, &mut Silent).await
    };
    let found = pollster::block_on(found).unwrap();
    assert_eq!((found.len(), found[0].len()), (48, case.options.dnn.hidden));
    assert!(found.iter().flatten().all(|value| value.is_finite()) && found[0] != found[1]);
}

#[test]
fn social_edges_count_only_where_they_are_asked_for() {
    let mut case = case(12);
    let gnn = run(&case, 3, None).gnn;
    let requests: Vec<(u32, usize)> = (0..48).map(|user| (user, 8)).collect();
    let without = shares_of(&gnn, &case.log, &case.history, &requests);
    case.log.edges = (0..12).flat_map(|group| [(group * 4, group * 4 + 2), (group * 4, group * 4 + 3)]).collect();
    assert_eq!(without, shares_of(&gnn, &case.log, &case.history, &requests));
    case.options.graph.social = true;
    let social = run(&case, 3, None).gnn;
    assert_ne!(without, shares_of(&social, &case.log, &case.history, &requests));
    assert!(social.parameter_count() > gnn.parameter_count());
}

/// The first hop and the messages of the second, summed up one by one.
#[test]
fn sums_over_neighbours_are_those_of_a_plain_count() {
    let case = case(6);
    let graph = &case.options.graph;
    let (user, window) = (0, 9);
    let requests = [(user, window)];
    let snapshots =
        pollster::block_on(Snapshots::build((&case.log, &case.history), requests.into_iter(), graph, &mut Silent));
    let snapshots = snapshots.unwrap();
    let snapshot = snapshots.get(window).unwrap();
    // The follower's only neighbour by items is the bridge, by a shared item; the hobby holds 2 of its 7 daily events.
    let bridge = case.log.users.get("bridge0").unwrap();
    assert_eq!(snapshot.near()[0].row(user as usize), (&[bridge][..], &[1.0][..]));
    let features = Features::new(&case.log, &case.history, &case.prior).unwrap();
    let ranker = Ranker::new(&case.history.sum(case.split.train.clone()));
    let own = Batch::new(&features, None, &ranker, requests.into_iter(), DOMAINS as usize);
    let batch = GraphBatch::new(own, None, &snapshots, &requests, DOMAINS as usize, graph).unwrap();
    let hop = &batch.hops[HOBBY as usize * hop_width(graph)..];
    let expected = (4.0_f32 / 9.0 + 1e-4).ln();
    for share in &hop[..4] {
        assert!((share - expected).abs() < 1e-3, "{share} and {expected}");
    }
    assert_eq!(hop[4], 1.0);
    // The bridge's two pairs reach the follower by items, and nobody else's do.
    let received = &batch.edges[0];
    assert_eq!((received.len(), received.row(HOBBY as usize).1), (2, &[1.0][..]));
    let node = received.row(HOBBY as usize).0[0] as usize;
    let sent = &batch.nodes[node * node_width(graph)..][..4];
    assert!(sent.iter().all(|share| (share - 4.0 / 9.0).abs() < 1e-6), "{sent:?}");
}

#[test]
fn it_goes_on_learning_and_takes_new_domains_in() {
    let mut case = case(12);
    case.options = case.options.fused();
    let gnn = run(&case, 4, None).gnn;
    assert!(gnn.learned() < WINDOWS as usize);
    // A domain that nobody knew, in the last two windows.
    let mut more = Log::new();
    let (kind, domain) = (more.kinds.intern("view").unwrap(), more.domains.intern("new"));
    let item = more.items.intern("new", domain);
    for user in 0..40 {
        let user = more.users.intern(&format!("new{user}"));
        for time in (WINDOWS - 2..WINDOWS).flat_map(|window| (0..6).map(move |n| window * STEP + n * 60)) {
            more.push(Event { user, item, time, kind, platform: 0 });
        }
    }
    more.sort();
    let log = case.log.extended(&more).unwrap();
    let history = History::new(&log, Windows::fixed(0, STEP, WINDOWS as usize).unwrap()).unwrap();
    assert!(gnn.check(&history).is_err());
    let end = WINDOWS as usize;
    let update = |gnn: &Gnn| {
        let options = UpdateOptions { budget: 0.5, ..UpdateOptions::default() };
        let device = pollster::block_on(nn::device()).unwrap();
        let new = gnn.learned()..end;
        pollster::block_on(update(gnn, (&log, &history), new, &options, &device, &mut Silent)).unwrap()
    };
    let (one, two) = (update(&gnn), update(&gnn));
    assert_eq!(one.model, two.model);
    assert!(one.report.steps > 0 && one.report.replayed > 0 && one.model.learned() == end);
    assert_ne!(one.model.parameters(), gnn.carried(&history, end, end).unwrap().parameters());
    let user = log.users.get("new7").unwrap();
    let shares = shares_of(&one.model, &log, &history, &[(user, end - 1)]).remove(0);
    assert_eq!(shares.len(), DOMAINS as usize + 1);
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-6);
    assert!(shares.iter().all(|share| shares[DOMAINS as usize] >= *share), "{shares:?}");
    assert_eq!(update(&one.model).report.steps, 0);
}
