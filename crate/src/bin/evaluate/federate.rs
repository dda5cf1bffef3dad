//! `evaluate federate SET --data DIR [--silos N] [--rounds N] [--local-epochs N] [--rate R] [--clip C] [--noise S]
//! [--seed N]`: parts the users of a log among shops that train apart and merge what they learned (`privacy::federation`,
//! masked), and compares with training on all of it together and with each shop alone, as JSON.

use std::{ops::Range, path::PathBuf};

use driftscope::{
    evaluation::{Model, Outcome, metrics, paired_bootstrap, score},
    nn::{self, Device},
    privacy::{
        federation::{Contribution, Limits, MaskKey, Protection, federated_options, merge},
        secure_random,
    },
    training::{
        Dnn, DnnOptions, Observer, Ranker, Silent,
        transfer::{Adapted, Base, FineTuning, Keep, Source, base, fine_tune},
    },
};
use lexopt::prelude::*;
use serde_json::json;

use crate::{Failure, USAGE, cut::Cut, dataset::Dataset, print, watch::Watch};

struct Arguments {
    set: &'static Dataset,
    data: PathBuf,
    silos: u32,
    rounds: usize,
    local: usize,
    rate: f64,
    protection: Protection,
    seed: u64,
    quiet: bool,
}

fn arguments(mut parser: lexopt::Parser) -> Result<Arguments, Failure> {
    let (mut places, mut data, mut silos, mut rounds, mut local) = (Vec::new(), None, 5, 14, 2);
    let mut rate = 0.5;
    let (mut seed, mut quiet) = (1, false);
    let mut protection = Protection { clip: 10.0, noise: 0.0 };
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => places.push(value.string()?),
            Long("data") => data = Some(PathBuf::from(parser.value()?)),
            Long("silos") => silos = parser.value()?.parse()?,
            Long("rounds") => rounds = parser.value()?.parse()?,
            Long("local-epochs") => local = parser.value()?.parse()?,
            Long("rate") => rate = parser.value()?.parse()?,
            Long("clip") => protection.clip = parser.value()?.parse()?,
            Long("noise") => protection.noise = parser.value()?.parse()?,
            Long("seed") => seed = parser.value()?.parse()?,
            Long("quiet") => quiet = true,
            Long("help") | Short('h') => return Err(USAGE.into()),
            other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    let set = match places.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [name] => Dataset::find(name).ok_or_else(|| format!("unknown data set {name}\n{USAGE}"))?,
        _ => return Err(USAGE.into()),
    };
    let data = data.ok_or_else(|| format!("--data is missing\n{USAGE}"))?;
    Ok(Arguments { set, data, silos, rounds, local, rate, protection, seed, quiet })
}

/// The outcomes of a network on a log, users together and ascending.
fn outcomes(cut: &Cut, dnn: Dnn, windows: &Range<usize>, device: &Device) -> Result<Vec<Outcome>, Failure> {
    let ranker = Ranker::new(&cut.history.sum(cut.split.train.clone()));
    let instances = cut.history.instances(windows.clone(), 5, 5);
    let data = (&cut.log, &cut.history);
    let mut found = pollster::block_on(score(data, &Model::Dnn(dnn), &ranker, &instances, device, &mut Silent))?;
    found.sort_by_key(|outcome| outcome.user);
    Ok(found)
}

/// A log with the options of its training.
struct Shop {
    cut: Cut,
    options: DnnOptions,
}

impl Shop {
    fn new(cut: Cut, base: &Base) -> Shop {
        let options = federated_options(base, &cut.options);
        Shop { cut, options }
    }

    fn train(
        &self,
        base: &Base,
        (epochs, rate, keep): (usize, f64, Keep),
        seed: u64,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<Adapted, Failure> {
        let options = DnnOptions { epochs, ..self.options.clone() };
        let source = Source { options: &options, ..self.cut.source() };
        let tuning = FineTuning { steps: usize::MAX, rate, keep, seed };
        Ok(pollster::block_on(fine_tune(base, source, tuning, device, observer))?)
    }

    /// A network that others trained along, on this shop's log.
    fn forecaster(&self, base: &Base) -> Result<Dnn, Failure> {
        let source = Source { options: &self.options, ..self.cut.source() };
        Ok(pollster::block_on(base.forecaster(source, &mut Silent))?)
    }

    fn test(&self, dnn: Dnn, device: &Device) -> Result<Vec<Outcome>, Failure> {
        outcomes(&self.cut, dnn, &self.cut.split.test, device)
    }

    fn validate(&self, dnn: Dnn, device: &Device) -> Result<Vec<Outcome>, Failure> {
        outcomes(&self.cut, dnn, &self.cut.split.validation, device)
    }
}

fn by_user(mut outcomes: Vec<Outcome>) -> Vec<Outcome> {
    outcomes.sort_by_key(|outcome| outcome.user);
    outcomes
}

/// Runs the command with the arguments after its name.
pub fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Arguments { set, data, silos, rounds, local, rate, protection, seed, quiet } = arguments(parser)?;
    let mut observer = Watch { quiet };
    let device = &pollster::block_on(nn::device())?;
    let cut = Cut::dataset(set, &data, None)?;
    // What every shop has: the base model that ships with the program.
    let mut base = base()?;
    let epochs = cut.options.epochs;
    let shops: Vec<Shop> =
        (0..silos).map(|silo| Ok(Shop::new(cut.part(silo, silos)?, &base))).collect::<Result<_, Failure>>()?;
    let users: Vec<u32> = shops.iter().map(|shop| shop.cut.active_users()).collect();
    let all = Shop::new(cut, &base);
    let together = all.test(all.train(&base, (epochs, 1.0, Keep::Best), seed, device, &mut observer)?.dnn, device)?;

    let (mut alone, mut alone_each) = (Vec::new(), Vec::new());
    for shop in &shops {
        let own = shop.test(
            shop.train(&base, (shop.cut.options.epochs, 1.0, Keep::Best), seed, device, &mut observer)?.dnn,
            device,
        )?;
        alone_each.push(metrics(&own).ndcg10);
        alone.extend(own);
    }
    let alone = by_user(alone);

    let rng = &mut secure_random()?;
    let keys: Vec<MaskKey> = shops.iter().map(|_| MaskKey::random(rng)).collect();
    let peers: Vec<_> = keys.iter().map(MaskKey::public).collect();
    let (mut curve, mut best) = (Vec::new(), (f64::NEG_INFINITY, base.clone()));
    for round in 0..rounds {
        let mut contributions = Vec::with_capacity(shops.len());
        for ((shop, key), &users) in shops.iter().zip(&keys).zip(&users) {
            let seed = seed.wrapping_mul(1000) + round as u64;
            let adapted = shop.train(&base, (local, rate, Keep::Last), seed, device, &mut observer)?;
            let contribution = Contribution::new(&base, &adapted, users, protection, rng)?;
            contributions.push(if peers.len() > 2 { contribution.masked(key, &peers)? } else { contribution });
        }
        base = merge(&base, &contributions, &Limits::default())?;
        let mut validation = Vec::new();
        for shop in &shops {
            validation.extend(shop.validate(shop.forecaster(&base)?, device)?);
        }
        let ndcg = metrics(&validation).ndcg10;
        curve.push(ndcg);
        if ndcg > best.0 {
            best = (ndcg, base.clone());
        }
    }
    let base = best.1;
    let (mut federated, mut each) = (Vec::new(), Vec::new());
    for (shop, alone) in shops.iter().zip(&alone_each) {
        let own = shop.test(shop.forecaster(&base)?, device)?;
        each.push(json!({ "federated": metrics(&own).ndcg10, "alone": alone }));
        federated.extend(own);
    }
    let federated = by_user(federated);
    let whole = all.test(all.forecaster(&base)?, device)?;
    let out = json!({
        "set": set.name, "seed": seed, "silos": silos, "users": users, "rounds": rounds, "localEpochs": local, "rate": rate, "protection": protection,
        "validation": curve,
        "together": metrics(&together).ndcg10,
        "alone": metrics(&alone).ndcg10,
        "federated": metrics(&federated).ndcg10,
        "federatedOnAll": metrics(&whole).ndcg10,
        "silosEach": each,
        "federatedMinusAlone": paired_bootstrap(&federated, &alone),
        "federatedMinusTogether": paired_bootstrap(&federated, &together),
        "federatedOnAllMinusTogether": paired_bootstrap(&whole, &together),
    });
    print::line(&serde_json::to_string_pretty(&out)?)
}
