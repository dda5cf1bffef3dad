//! `evaluate segments <set> --data DIR [--count N] [--seed N]`: how well the popularity of domains among the others of a user's segment
//! foretells the next window, against popularity among all users and, where the folder has a `demographics.csv`, within
//! demographic groups; as JSON. Segments and popularity are of the windows before the one that is scored.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

use driftscope::{
    evaluation::{Outcome, metrics, paired_bootstrap},
    event::Log,
    insight::{SegmentOptions, Segments, segments_in},
    interest::{InterestOptions, WindowLength, WindowOptions},
    training::{History, Instance, Ranker},
};
use lexopt::prelude::*;
use serde_json::json;

use crate::{Failure, USAGE, dataset::Dataset, print, watch::Watch};

/// Events of everyone's popularity that each group's counts start from, so that a small group is not taken at its word.
const PRIOR: f64 = 100.0;

/// Runs the command with the arguments after its name.
pub fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let (mut places, mut data, mut count, mut seed, mut quiet) = (Vec::new(), None, None, 1, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => places.push(value.string()?),
            Long("data") => data = Some(PathBuf::from(parser.value()?)),
            Long("count") => count = Some(parser.value()?.parse()?),
            Long("seed") => seed = parser.value()?.parse()?,
            Long("quiet") => quiet = true,
            other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    let set = match places.as_slice() {
        [name] => Dataset::find(name).ok_or_else(|| format!("unknown data set {name}\n{USAGE}"))?,
        _ => return Err(USAGE.into()),
    };
    let data = data.ok_or_else(|| format!("--data is missing\n{USAGE}"))?;
    let log = (set.load)(&data)?;
    let history = History::new(&log, set.windows()?)?;
    let split = set.split()?;
    let mut scorer = Scorer {
        log: &log,
        history: &history,
        options: options(count, seed),
        watch: Watch { quiet },
        fitted: BTreeMap::new(),
    };
    let (validation, test) = (history.scored(&split.validation), history.scored(&split.test));

    let grouped = demographics(&data.join("demographics.csv"), &log)?;
    scorer.fit(&test)?;
    let segments = scorer.by_segment(&test);
    let everyone = scorer.by_group(&test, |_| Some(0));
    let (_, latest) = scorer.fitted.last_key_value().ok_or("no instance")?;
    let mut summary = json!({
        "set": set.name,
        "seed": seed,
        "testInstances": test.len(),
        "stability": latest.stability,
        "segments": latest.segments,
        "ndcg10": { "segments": metrics(&segments).ndcg10, "everyone": metrics(&everyone).ndcg10 },
        "segmentsAgainstEveryone": paired_bootstrap(&segments, &everyone),
    });
    // The demographic grouping that foretells the validation window best, among those of whom it is known.
    let known = |instances: &[Instance], groups: &Groups| -> Vec<Instance> {
        instances.iter().filter(|one| groups.contains_key(&one.user)).cloned().collect()
    };
    let mut best: Option<(f64, &str, &Groups)> = None;
    for (name, groups) in &grouped {
        let ndcg = metrics(&scorer.by_group(&known(&validation, groups), |user| groups.get(&user).copied())).ndcg10;
        if best.is_none_or(|(most, ..)| ndcg > most) {
            best = Some((ndcg, name, groups));
        }
    }
    if let Some((ndcg, name, groups)) = best {
        let test = known(&test, groups);
        let own = scorer.by_segment(&test);
        let theirs = scorer.by_group(&test, |user| groups.get(&user).copied());
        let everyone = scorer.by_group(&test, |_| Some(0));
        summary["demographics"] = json!({
            "grouping": name,
            "groupingsTried": grouped.len(),
            "validationNdcg10": ndcg,
            "testInstances": test.len(),
            "ndcg10": {
                "segments": metrics(&own).ndcg10,
                "demographics": metrics(&theirs).ndcg10,
                "everyone": metrics(&everyone).ndcg10,
            },
            "segmentsAgainstDemographics": paired_bootstrap(&own, &theirs),
            "demographicsAgainstEveryone": paired_bootstrap(&theirs, &everyone),
        });
    }
    print::line(&serde_json::to_string_pretty(&summary)?)
}

fn options(count: Option<usize>, seed: u64) -> SegmentOptions {
    // The windows are the set's own; these are not looked at.
    let window = WindowOptions { length: WindowLength::Day, time_zone: "UTC".into() };
    let interest = InterestOptions { window, half_life: None, weigh_kinds: false };
    SegmentOptions { interest, count, stretch: None, seed }
}

struct Scorer<'a> {
    log: &'a Log,
    history: &'a History,
    options: SegmentOptions,
    watch: Watch,
    /// By the window that they foretell.
    fitted: BTreeMap<usize, Segments>,
}

impl Scorer<'_> {
    /// Makes the segments before each of the instances' windows.
    fn fit(&mut self, instances: &[Instance]) -> Result<(), Failure> {
        for window in instances.iter().map(|one| one.window) {
            if !self.fitted.contains_key(&window) {
                let windows = self.history.windows().clone().first(window);
                let end = windows.end(window - 1);
                let past = self.log.filtered(|_, event| i64::from(event.time) < end);
                let found = segments_in(&past, windows, &self.options, &mut self.watch);
                self.fitted.insert(window, pollster::block_on(found)?);
            }
        }
        Ok(())
    }

    fn by_segment(&self, instances: &[Instance]) -> Vec<Outcome> {
        self.outcomes(instances, |user, window| {
            let segment = *self.fitted.get(&window)?.of_user.get(user as usize)?;
            (segment >= 0.0).then_some(segment as u32)
        })
    }

    fn by_group(&self, instances: &[Instance], of: impl Fn(u32) -> Option<u32>) -> Vec<Outcome> {
        self.outcomes(instances, |user, _| of(user))
    }

    fn outcomes(&self, instances: &[Instance], of: impl Fn(u32, usize) -> Option<u32>) -> Vec<Outcome> {
        let mut shares: BTreeMap<(usize, Option<u32>), Vec<f64>> = BTreeMap::new();
        let mut rankers: BTreeMap<usize, Ranker> = BTreeMap::new();
        for window in instances.iter().map(|one| one.window) {
            if rankers.contains_key(&window) {
                continue;
            }
            let all = self.history.sum(0..window);
            let total = all.iter().sum::<u64>() as f64;
            let prior: Vec<f64> = all.iter().map(|&events| PRIOR * events as f64 / total).collect();
            for user in 0..self.history.users() as u32 {
                let own = shares.entry((window, of(user, window))).or_insert_with(|| prior.clone());
                for cell in self.history.past(user, window) {
                    own[cell.domain as usize] += f64::from(cell.events);
                }
            }
            rankers.insert(window, Ranker::new(&all));
        }
        // What the others of the group did: with the user's own events, a group of few would be little but himself.
        let outcome = |one: &Instance| {
            let mut shares = shares.get(&(one.window, of(one.user, one.window)))?.clone();
            for cell in self.history.past(one.user, one.window) {
                shares[cell.domain as usize] -= f64::from(cell.events);
            }
            let total: f64 = shares.iter().sum();
            shares.iter_mut().for_each(|share| *share /= total);
            Some(Outcome::new(self.history, one, rankers.get(&one.window)?, &shares))
        };
        instances.iter().filter_map(outcome).collect()
    }
}

/// Number of the group by user.
type Groups = HashMap<u32, u32>;

/// Each column of the table, and each pair of columns, as a way to group the users; none where there is no such file.
fn demographics(path: &Path, log: &Log) -> Result<Vec<(String, Groups)>, Failure> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut reader = csv::Reader::from_path(path)?;
    let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    let mut out = Vec::new();
    for first in 1..names.len() {
        for second in first..names.len() {
            let (mut numbers, mut groups) = (BTreeMap::new(), Groups::new());
            for row in &rows {
                let Some(user) = log.users.get(row.get(0).unwrap_or_default()) else { continue };
                let next = numbers.len() as u32;
                groups.insert(user, *numbers.entry((row.get(first), row.get(second))).or_insert(next));
            }
            let pair =
                if first == second { names[first].clone() } else { format!("{} × {}", names[first], names[second]) };
            out.push((pair, groups));
        }
    }
    Ok(out)
}
