use super::*;
use crate::{
    evaluation::area_under_curve,
    synth::{ClassShares, SampleOptions, Synth, SynthOptions, UserClass},
    training::Silent,
};

fn synth(seed: u64) -> Synth {
    let mixed = SynthOptions::mixed(SampleOptions { users: 3000, days: 100, seed });
    // One in a hundred is odd, of three kinds.
    let classes = ClassShares { bots: 0.0034, bursts: 0.0033, taken_over: 0.0033, ..mixed.classes };
    Synth::new(SynthOptions { classes, ..mixed }).unwrap()
}

#[test]
fn planted_machines_bursts_and_stolen_accounts_are_found_with_their_reasons() {
    for seed in [1, 2, 3] {
        let synth = synth(seed);
        let log = synth.log(|_| Ok(())).unwrap();
        let found = pollster::block_on(anomalies(&log, usize::MAX, &mut Silent)).unwrap();
        let classes: Vec<UserClass> = synth.truth().users.iter().map(|user| user.class).collect();
        let odd = |class| matches!(class, UserClass::Bot | UserClass::Burst | UserClass::TakenOver);
        let mut scores = vec![0.0; classes.len()];
        found.users.iter().for_each(|user| scores[user.id as usize] = user.score);
        let labels: Vec<bool> = classes.iter().map(|&class| odd(class)).collect();
        let auc = area_under_curve(&scores, &labels).unwrap();
        let planted = labels.iter().filter(|&&odd| odd).count();
        let right = found.users.iter().filter(|user| labels[user.id as usize]).count();
        println!("seed {seed}: AUC {auc:.4}, {planted} planted, {} reported, {right} of them right", found.found);
        assert!(auc >= 0.97 && (20..45).contains(&planted), "{auc}, {planted}");
        for (class, signs) in [
            (UserClass::Bot, &[Sign::Minute, Sign::Hour][..]),
            (UserClass::Burst, &[Sign::Minute, Sign::Hour]),
            (UserClass::TakenOver, &[Sign::Jump]),
        ] {
            let own: Vec<&OddUser> = found.users.iter().filter(|user| classes[user.id as usize] == class).collect();
            let named = own.iter().filter(|user| user.reasons.iter().any(|reason| signs.contains(&reason.sign)));
            assert!(!own.is_empty() && named.count() * 10 >= own.len() * 9, "{class:?}: {own:?}");
        }
        let reasons = found.users.iter().flat_map(|user| &user.reasons);
        assert!(reasons.clone().all(|reason| reason.score > ODD && reason.value > reason.usual));
    }
}

#[test]
fn the_list_is_cut_where_asked_and_nobody_is_odd_among_equals() {
    let log = synth(4).log(|_| Ok(())).unwrap();
    let all = pollster::block_on(anomalies(&log, usize::MAX, &mut Silent)).unwrap();
    let few = pollster::block_on(anomalies(&log, 5, &mut Silent)).unwrap();
    assert_eq!((few.users.as_slice(), few.found), (&all.users[..5], all.found));
    assert_eq!(pollster::block_on(anomalies(&log, 5, &mut Silent)).unwrap(), few);
    let clean = SynthOptions::clean_movers(SampleOptions { users: 300, days: 60, seed: 1 });
    let log = Synth::new(clean).unwrap().log(|_| Ok(())).unwrap();
    let found = pollster::block_on(anomalies(&log, 10, &mut Silent)).unwrap();
    assert!(found.found <= 15 && found.looked_at == 300, "{found:?}");
}
