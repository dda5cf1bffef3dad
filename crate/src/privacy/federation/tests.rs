use chacha20::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    interest::Windows,
    nn,
    synth::{CrowdOptions, crowd, crowd_start},
    training::{
        DnnOptions, History, Prior, PriorGrid, Ranker, Silent, Split,
        transfer::{Adapted, Base, FineTuning, Keep, Source, fine_tune},
    },
};

const GENTLE: Protection = Protection { clip: 10.0, noise: 0.0 };

/// Trains on a small crowd from `base`.
fn trained(base: &Base, seed: u64) -> Adapted {
    let options = CrowdOptions::draw(60, seed);
    let log = crowd(&options).unwrap();
    let count = options.windows as usize;
    let history = History::new(&log, Windows::fixed(crowd_start(), options.window, count).unwrap()).unwrap();
    let split = Split { train: 0..count - 2, validation: count - 2..count, test: count..count };
    let choice = history.instances(split.validation.clone(), 5, 5);
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let prior = Prior::choose(&history, split.train.clone(), &choice, &ranker, PriorGrid::default()).unwrap();
    let options =
        federated_options(base, &DnnOptions { epochs: 1, batch: 16, ..DnnOptions::for_log(&history, &split, None) });
    let source = Source { log: &log, history: &history, split: &split, prior: &prior, options: &options };
    let device = pollster::block_on(nn::device()).unwrap();
    let tuning = FineTuning { steps: 3, rate: 1.0, keep: Keep::Last, seed };
    pollster::block_on(fine_tune(base, source, tuning, &device, &mut Silent)).unwrap()
}

fn base() -> Base {
    Base::untrained(4, 1, 1)
}

/// Three shops' changes.
fn changes(base: &Base) -> Vec<Vec<f64>> {
    let numbers = base.parameter_count();
    (0..3).map(|shop| (0..numbers).map(|index| 0.01 * ((index + 7 * shop) as f64).sin()).collect()).collect()
}

fn contributions(base: &Base) -> Vec<Contribution> {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let shops = changes(base).into_iter().zip([10, 30, 60]);
    shops.map(|(change, users)| Contribution::of(base, change, users, GENTLE, &mut rng).unwrap()).collect()
}

#[test]
fn the_mean_is_weighted_by_users_and_masks_vanish_from_it() {
    let base = base();
    let changes = changes(&base);
    let plain = contributions(&base);
    let merged = merge(&base, &plain, &Limits::default()).unwrap();
    let flat = |parameters: &[Vec<f32>]| parameters.iter().flatten().copied().map(f64::from).collect::<Vec<f64>>();
    let before = flat(base.parameters());
    for (index, merged) in flat(merged.parameters()).into_iter().enumerate() {
        let [one, two, three] = [0, 1, 2].map(|shop| changes[shop][index]);
        let expected = before[index] + 0.1 * one + 0.3 * two + 0.6 * three;
        assert!((merged - expected).abs() < 1e-6, "{merged}, {expected}");
    }

    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let keys: Vec<MaskKey> = (0..3).map(|_| MaskKey::random(&mut rng)).collect();
    let peers: Vec<PublicKey> = keys.iter().map(MaskKey::public).collect();
    let hidden: Vec<Contribution> =
        plain.iter().zip(&keys).map(|(one, key)| one.clone().masked(key, &peers).unwrap()).collect();
    let carried: Vec<Contribution> =
        hidden.iter().rev().map(|one| Contribution::from_bytes(&one.to_bytes().unwrap()).unwrap()).collect();
    assert_eq!(merge(&base, &carried, &Limits::default()).unwrap(), merged);
    // Nothing of the change is left in a masked one: its numbers are spread over all of 64 bits.
    let high = hidden[0].numbers.iter().filter(|&&number| number >> 40 != 0 && number >> 40 != 0xff_ffff).count();
    assert!(high * 100 > 95 * hidden[0].numbers.len() && hidden[0].norm().is_none());
    // Without one of them there is no sum.
    let refused = merge(&base, &hidden[..2], &Limits::default()).unwrap_err().to_string();
    assert!(refused.contains("hidden among 3 shops, of which 2 are here"), "{refused}");
}

#[test]
fn changes_are_clipped_and_noise_is_as_large_as_said() {
    let base = base();
    let change = changes(&base).swap_remove(0);
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let clipped = Contribution::of(&base, change.clone(), 7, Protection { clip: 0.05, noise: 0.0 }, &mut rng).unwrap();
    assert!((clipped.norm().unwrap() / 0.05 - 1.0).abs() < 1e-3);
    let noisy = Contribution::of(&base, change, 7, Protection { clip: 0.05, noise: 1.0 }, &mut rng).unwrap();
    let expected = 0.05 * (1.0 + base.parameter_count() as f64).sqrt();
    assert!((noisy.norm().unwrap() / expected - 1.0).abs() < 0.3, "{:?}, {expected}", noisy.norm());
}

#[test]
fn what_strangers_send_is_looked_at_first() {
    let base = base();
    let sound = contributions(&base);
    let limits = Limits::default();
    let refused = |change: &dyn Fn(&mut Contribution), word: &str| {
        let mut all = sound.clone();
        change(&mut all[1]);
        let error = merge(&base, &all, &limits).unwrap_err().to_string();
        assert!(error.contains("contribution 2") && error.contains(word), "{error}");
    };
    refused(&|one| one.start ^= 1, "another network");
    refused(&|one| one.numbers.truncate(3), "numbers");
    refused(&|one| one.users = 0, "users");
    refused(&|one| one.users = u32::MAX, "users");
    refused(&|one| one.numbers[0] = u64::MAX / 2, "limit");
    refused(&|one| one.numbers = sound[0].numbers.clone(), "");
    assert!(merge(&base, &[], &limits).is_err());
    let bytes = sound[0].to_bytes().unwrap();
    assert!(Contribution::from_bytes(&bytes[..bytes.len() - 1]).is_err());

    // A key of the curve's small subgroup would give a mask that everyone knows.
    let mut rng = ChaCha20Rng::seed_from_u64(4);
    let keys = [MaskKey::random(&mut rng), MaskKey::random(&mut rng)];
    let peers = [keys[0].public(), keys[1].public(), PublicKey([0; 32])];
    assert!(sound[0].clone().masked(&keys[0], &peers).is_err());
    assert!(sound[0].clone().masked(&keys[0], &peers[..2]).is_err());
}

#[test]
fn only_what_starts_from_the_base_contributes() {
    let base = base();
    let shop = &trained(&base, 1);
    let other = Base::untrained(4, 1, 2);
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    assert!(Contribution::new(&other, shop, 7, GENTLE, &mut rng).is_err());
    assert!(Contribution::new(&base, shop, 5, GENTLE, &mut rng).is_ok());
    assert!(Contribution::new(&base, shop, 0, GENTLE, &mut rng).is_err());
    assert!(Contribution::new(&base, shop, 7, Protection { clip: f64::NAN, noise: 0.0 }, &mut rng).is_err());
}
