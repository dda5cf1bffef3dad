use super::*;
use crate::{
    interest::{WindowLength, WindowOptions},
    synth::{Itinerary, SampleOptions, Synth, SynthOptions},
    training::{Silent, TrainingProgress},
};

fn weekly() -> SegmentOptions {
    let window = WindowOptions { length: WindowLength::Week, time_zone: "UTC".into() };
    let interest = InterestOptions { window, half_life: None, weigh_kinds: true };
    SegmentOptions { interest, count: None, stretch: None, seed: 1 }
}

/// A log with these segments among noise and sparse users; and what was planted by user.
fn planted(ways: &[&[u32]], changes: (f64, f64), seed: u64) -> (Log, Vec<Option<u32>>) {
    let ways = ways.iter().map(|way| Itinerary { domains: way.to_vec(), changes }).collect();
    let sample = SampleOptions { users: 700, days: 105, seed };
    let mut options = SynthOptions::segmented(sample, ways);
    // A handful of bots would be a segment of their own.
    options.classes.bots = 0.0;
    let synth = Synth::new(options).unwrap();
    let truth = synth.truth().users.iter().map(|user| user.segment).collect();
    (synth.log(|_| Ok(())).unwrap(), truth)
}

fn found(log: &Log, options: &SegmentOptions) -> Segments {
    pollster::block_on(segments(log, options, &mut Silent)).unwrap()
}

/// Adjusted Rand index of what was found and what was planted, over the users for whom there is both.
fn agreement(found: &Segments, truth: &[Option<u32>]) -> f64 {
    let both = found.of_user.iter().zip(truth).filter(|&(&segment, truth)| segment >= 0.0 && truth.is_some());
    let (own, planted): (Vec<u32>, Vec<u32>) =
        both.map(|(&segment, truth)| (segment as u32, truth.unwrap_or_default())).unzip();
    adjusted_rand(&own, &planted)
}

#[test]
fn planted_segments_are_found_and_their_number_too() {
    type Case<'a> = (&'a [&'a [u32]], (f64, f64));
    let cases: [Case<'_>; 3] = [
        // Where interest is, and where it moves.
        (&[&[0], &[4], &[8], &[8, 12], &[0, 16]], (0.55, 0.8)),
        // The same totals: one goes from a to b while the other goes from b to a.
        (&[&[0, 4], &[4, 0]], (0.5, 0.5)),
        // Nothing but the movement: all end in the same domain, one group has always been there.
        (&[&[8], &[0, 8], &[4, 8]], (0.6, 0.8)),
    ];
    for (ways, changes) in cases {
        for seed in [1, 2] {
            let (log, truth) = planted(ways, changes, seed);
            let found = found(&log, &weekly());
            println!("{ways:?} seed {seed}: {} {:.3?}", agreement(&found, &truth), found.stability);
            assert_eq!(found.segments.len(), ways.len(), "{:?}", found.stability);
            assert!(agreement(&found, &truth) >= 0.9);
        }
    }
}

#[test]
fn a_segment_is_described_by_where_it_is_and_where_it_moves() {
    let (log, truth) = planted(&[&[0], &[4, 8]], (0.6, 0.8), 3);
    let found = found(&log, &SegmentOptions { count: Some(2), ..weekly() });
    let mover = truth.iter().position(|&segment| segment == Some(1)).unwrap();
    let name = |domain| log.domains.get(domain).unwrap();
    let moving = &found.segments[found.of_user[mover] as usize];
    assert_eq!(moving.domains[0].id, name("Audio"));
    assert!(moving.domains[0].share > 0.5 && moving.domains[0].others < 0.1, "{moving:?}");
    let change = |name: &str| moving.moves.iter().find(|one| one.name == name).map_or(0.0, |one| one.change);
    assert!(change("Audio") > 0.4 && change("Toys") < -0.4, "{moving:?}");
    let staying = &found.segments[1 - found.of_user[mover] as usize];
    assert_eq!(staying.domains[0].id, name("Running"));
}

#[test]
fn flows_between_segments_account_for_every_user_in_every_window() {
    let (log, _) = planted(&[&[0, 4], &[4, 8]], (0.4, 0.6), 4);
    let found = found(&log, &SegmentOptions { count: Some(3), ..weekly() });
    let (windows, count) = (found.windows.len(), found.segments.len());
    let places = count + 1;
    assert_eq!(found.flows.len(), (windows - 1) * places * places);
    let users = found.of_user.iter().filter(|&&segment| segment >= 0.0).count() as f64;
    for (window, step) in found.flows.chunks(places * places).enumerate() {
        assert_eq!(step.iter().sum::<f64>(), users);
        for segment in 0..count {
            let from: f64 = step[segment * places..][..places].iter().sum();
            let to: f64 = step.iter().skip(segment).step_by(places).sum();
            assert_eq!(from, found.members[window * count + segment]);
            assert_eq!(to, found.members[(window + 1) * count + segment]);
        }
    }
    let sizes: Vec<u32> = found.segments.iter().map(|segment| segment.users).collect();
    assert!(sizes.is_sorted_by(|a, b| a >= b) && sizes.iter().sum::<u32>() == users as u32, "{sizes:?}");
}

/// Cancels after so many questions.
struct Impatient(usize);

impl Observer for Impatient {
    fn progress(&mut self, _: TrainingProgress) {}

    fn cancelled(&mut self) -> bool {
        self.0 = self.0.saturating_sub(1);
        self.0 == 0
    }

    fn seconds(&mut self) -> f64 {
        0.0
    }

    async fn pause(&mut self) {}
}

#[test]
fn the_same_seed_makes_the_same_segments_and_a_cancel_or_too_few_users_end_it() {
    let (log, _) = planted(&[&[0, 4], &[4, 0], &[8]], (0.4, 0.6), 5);
    let options = SegmentOptions { count: Some(3), stretch: Some(4), ..weekly() };
    assert_eq!(found(&log, &options), found(&log, &options));
    for patience in [1, 5, 20] {
        let cancelled = pollster::block_on(segments(&log, &options, &mut Impatient(patience)));
        assert!(matches!(cancelled, Err(Error::Cancelled)));
    }
    let few = log.filtered(|_, event| event.user < 15);
    let ask =
        |log: &Log, options: &SegmentOptions| pollster::block_on(segments(log, options, &mut Silent)).unwrap_err();
    assert_eq!(ask(&few, &options).code(), "not_enough");
    assert_eq!(ask(&log, &SegmentOptions { count: Some(1), ..options.clone() }).code(), "parameter");
    assert_eq!(ask(&log, &SegmentOptions { stretch: Some(0), ..options }).code(), "parameter");
}
