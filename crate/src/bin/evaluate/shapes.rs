//! `evaluate shapes`: prints as JSON one or more results of each kind that cross into the page, and the words of each
//! enumeration, so that `tests/types` can compare them with the package's `types.ts`. The results come from the real
//! calls, on a small sample and on files with something to say about.

mod words;

use std::io::Write;

use driftscope::{
    evaluation::{
        self, ModelName, TrainOptions, UpdateOutcome,
        next_item::{NextItemOptions, next_items, train_next_items},
        train,
    },
    event::{Event, Log},
    ingest::{
        CleaningOptions, Compression, Effect, Encoding, FilePlanPatch, Format, Loader, MissingDomain, Preset, RawLog,
        Role, RuleName, TableKind, TimeFormat, clean, inspect,
    },
    insight::{
        MigrationOptions, SegmentOptions, Sign, anomalies, explain, explain_item, migration, prospects, segments,
    },
    interest::{
        self, Between, InterestOptions, Scope, UserQuery, WindowLength, WindowOptions, drift, evolution, transfer,
    },
    privacy::{self, Ledger, PrivacyLoss, PrivateOptions, Totals},
    synth::{SampleOptions, Synth},
    training::{Init, Silent, Stopped, online::UpdateOptions},
};
use flate2::write::GzEncoder;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{Failure, print};
use words::words;

/// A known and an unknown kind, a platform, a row without a user, one without a time, a copy, and a quote that is never closed.
const EVENTS: &str = "\
user_id,item_id,category,event_type,timestamp,platform
ann,tea,drinks,view,1511539200,web
ann,tea,drinks,view,1511539200,web
ann,cup,,wave,1511542800,app
bob,tea,drinks,purchase,1511629200,app
,tea,drinks,view,1511539300,web
bob,cup,,view,soon,web
eve,\"cup,kitchen,view,1511715600,web
";
const LINES: &str = "{\"user\":\"ann\",\"product\":7,\"ts\":1511539200123}\n{\"user\":\"bob\",\"ts\":1511539260456}\n";
/// Zoe has no events.
const EDGES: &str = "user_id,friend_id\nann,bob\nann,zoe\n";
/// Without a header; it is packed, and the end of the pack is lost.
const DAMAGED: &str = "1,7,3,pv,1511544070\n2,8,3,buy,1511561733\n";

/// Results by the name of their type.
#[derive(Default)]
struct Shapes(Map<String, Value>);

impl Shapes {
    fn add(&mut self, name: &str, value: impl Serialize) -> Result<(), Failure> {
        let values = self.0.entry(name).or_insert_with(|| json!([]));
        values.as_array_mut().ok_or("not a list")?.push(serde_json::to_value(value)?);
        Ok(())
    }
}

/// Runs the command, which takes no arguments.
pub fn run() -> Result<(), Failure> {
    let mut shapes = Shapes::default();
    files(&mut shapes)?;
    sample(&mut shapes)?;
    print::line(&json!({ "shapes": shapes.0, "words": enumerations() }).to_string())
}

fn files(shapes: &mut Shapes) -> Result<(), Failure> {
    let mut loader = Loader::new();
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(DAMAGED.as_bytes())?;
    let mut damaged = packed.finish()?;
    damaged.truncate(damaged.len() - 6);
    let texts = [("events.csv", EVENTS), ("lines.jsonl", LINES), ("edges.csv", EDGES)];
    let files = texts.map(|(name, text)| (name, text.as_bytes()));
    for (name, bytes) in files.into_iter().chain([("damaged.csv.gz", damaged.as_slice())]) {
        let found = inspect(name, Compression::None, bytes, true, &FilePlanPatch::default())?;
        shapes.add("FileInspection", &found)?;
        loader.begin(found.plan)?;
        loader.push(bytes)?;
        loader.end()?;
    }
    let raw = loader.finish()?;
    let options = CleaningOptions {
        time_range: Some((1_500_000_000.0, 1_600_000_000.0)),
        kind_weights: [("view".to_owned(), 2.5)].into(),
        ..CleaningOptions::default()
    };
    for options in [options, CleaningOptions::default()] {
        let cleaned = clean(&raw, &options)?;
        shapes.add("CleaningOptions", &options)?;
        shapes.add("QualityReport", &cleaned.report)?;
        shapes.add("LogSummary", interest::summary(&cleaned.log, false))?;
    }
    Ok(())
}

fn sample(shapes: &mut Shapes) -> Result<(), Failure> {
    let raw =
        RawLog::from_log(Synth::sample(SampleOptions { users: 120, days: 35, seed: 5 })?.log(|_| Ok(()))?, "sample");
    let cleaned = clean(&raw, &CleaningOptions::default())?;
    let log = &cleaned.log;
    shapes.add("QualityReport", &cleaned.report)?;
    shapes.add("LogSummary", interest::summary(log, true))?;
    let week = WindowOptions { length: WindowLength::Week, time_zone: "UTC".into() };
    let by_day = WindowOptions { length: WindowLength::Seconds(86_400), time_zone: "Asia/Shanghai".into() };
    for (window, half_life) in [(week.clone(), Some(2.0)), (by_day, None)] {
        let options = InterestOptions { window, half_life, weigh_kinds: true };
        for scope in [Scope::Everyone, Scope::User { user: 3 }, Scope::Users { users: vec![1, 2] }] {
            shapes.add("Evolution", evolution(log, &scope, &options)?)?;
            shapes.add("Drift", drift(log, &scope, &options)?)?;
            shapes.add("Scope", scope)?;
        }
        for between in [None, Some(Between { from: 0, to: 1 })] {
            shapes.add("Transfer", transfer(log, &Scope::Everyone, &options, between, 5)?)?;
        }
        shapes.add("NearUser", interest::nearest_users(log, 3, &options, 1)?.first().ok_or("no neighbour")?)?;
        shapes.add("InterestOptions", options)?;
    }
    published(shapes, log, &week)?;
    let interest = InterestOptions { window: week.clone(), half_life: None, weigh_kinds: true };
    let day = WindowOptions { length: WindowLength::Day, time_zone: "UTC".into() };
    let by_day = InterestOptions { window: day, half_life: None, weigh_kinds: true };
    let how = MigrationOptions { interest: by_day, level: 0.05, top: 5 };
    let moved = pollster::block_on(migration(&migrants()?, &Scope::Everyone, &how, &mut Silent))?;
    shapes.add("Migration", moved)?;
    let odd = Synth::sample(SampleOptions { users: 200, days: 20, seed: 5 })?.log(|_| Ok(()))?;
    shapes.add("Anomalies", pollster::block_on(anomalies(&odd, 5, &mut Silent))?)?;
    shapes.add("Prospects", pollster::block_on(prospects(log, &week, &mut Silent))?)?;
    let how = SegmentOptions { interest, count: Some(4), stretch: None, seed: 5 };
    shapes.add("Segments", pollster::block_on(segments(log, &how, &mut Silent))?)?;
    shapes.add("UserEvents", interest::user_events(log, 3)?)?;
    shapes.add("UserPage", interest::users(log, &UserQuery { text: String::new(), offset: 0, limit: 3 }))?;

    let options =
        TrainOptions { window: week, models: vec![ModelName::Dnn], seed: 5, epochs: Some(1), init: Init::Scratch };
    shapes.add("TrainingEstimate", evaluation::estimate(log, &options)?)?;
    let trained = pollster::block_on(train(log, &options, None, &mut Silent))?;
    for model in [None, Some(ModelName::Dnn)] {
        let observer = &mut Silent;
        let forecast = evaluation::forecast(log, &trained.models, &Scope::Everyone, model, observer);
        shapes.add("Forecast", pollster::block_on(forecast)?)?;
    }
    let explained = pollster::block_on(explain(log, &trained.models, (3, None), None, &mut Silent))?;
    shapes.add("Explanation", explained)?;
    shapes.add("TrainingReport", trained.report)?;
    shapes.add("SavedModels", trained.models.summary())?;

    let items = NextItemOptions { models: vec![ModelName::CfItem], seed: 5 };
    let (report, models) = pollster::block_on(train_next_items(log, &items, &mut Silent))?;
    let next = pollster::block_on(next_items(log, &models, 3, 4, None, &mut Silent))?;
    if let Some(first) = next.items.first() {
        let explained = pollster::block_on(explain_item(log, &models, (3, &first.name), None, &mut Silent))?;
        shapes.add("ItemExplanation", explained)?;
    }
    shapes.add("NextItems", next)?;
    shapes.add("NextItemOptions", items)?;
    shapes.add("NextItemReport", report)?;
    updated(shapes, log, &options)
}

/// What may leave the tab.
fn published(shapes: &mut Shapes, log: &Log, window: &WindowOptions) -> Result<(), Failure> {
    let options = InterestOptions { window: window.clone(), half_life: None, weigh_kinds: false };
    for totals in [Totals { rows: true, columns: true }, Totals { rows: false, columns: false }] {
        let shown = privacy::anonymous_evolution(log, &Scope::Everyone, &options, 5, totals)?;
        shapes.add("AnonymousEvolution", shown)?;
        shapes.add("Totals", totals)?;
    }
    let rng = &mut privacy::secure_random()?;
    for (delta, secret_domains) in [(0.0, false), (1e-6, true)] {
        let loss = PrivacyLoss { epsilon: 1.0, delta };
        let private = PrivateOptions { loss, cells_per_user: 4, secret_domains };
        let ledger = &mut Ledger::new(loss)?;
        let released = privacy::private_evolution(log, &Scope::Everyone, &options, &private, ledger, rng)?;
        shapes.add("PrivateEvolution", released)?;
        shapes.add("PrivateOptions", private)?;
    }
    Ok(())
}

/// Sixty users who go from one domain to another after a look at a third; half of them leave by way of a fourth.
fn migrants() -> Result<Log, Failure> {
    let mut log = Log::new();
    let kind = log.kinds.intern("view").ok_or("no kind")?;
    for user in 0..60_u32 {
        log.users.intern(&format!("u{user}"));
        let days = if user % 2 == 0 { 8 } else { 12 };
        for day in 0..days {
            let names: &[&str] = match day {
                0..5 => &["old"],
                5 => &["old", "sign"],
                7 if days == 8 => &["way out"],
                _ => &["new"],
            };
            for (n, name) in (0_u32..).zip(names) {
                let domain = log.domains.intern(name);
                let item = log.items.intern(name, domain);
                log.push(Event { user, item, time: 1_700_006_400 + day * 86_400 + n, kind, platform: 0 });
            }
        }
    }
    log.sort();
    Ok(log)
}

/// The last ten days as new events.
fn updated(shapes: &mut Shapes, log: &Log, options: &TrainOptions) -> Result<(), Failure> {
    let border = log.span().map_or(0, |(_, last)| last - 10 * 86_400);
    let part = |late: bool| log.retained(|_, event| (event.time >= border) == late);
    let (before, mut after) = (part(false), part(true));
    after.domains.intern("new");
    let day = WindowOptions { length: WindowLength::Day, time_zone: "UTC".into() };
    let options = TrainOptions { window: day, ..options.clone() };
    let models = pollster::block_on(train(&before, &options, None, &mut Silent))?.models;
    let how = UpdateOptions::default();
    let observer = &mut Silent;
    let updated = evaluation::update(&before, &after, Some(&models), &how, observer);
    shapes.add("UpdateReport", pollster::block_on(updated)?.report)
}

/// The words of each enumeration, by the name of its type.
fn enumerations() -> Value {
    json!({
        "TableKind": words::<TableKind>(),
        "Role": words::<Role>(),
        "Encoding": words::<Encoding>(),
        "Preset": words::<Preset>(),
        "TimeFormat": words::<TimeFormat>(),
        "FilePlan['format']": words::<Format>(),
        "FilePlan['compression']": words::<Compression>(),
        "RuleName": words::<RuleName>(),
        "RuleReport['effect']": words::<Effect>(),
        "CleaningOptions['missingDomain']": words::<MissingDomain>(),
        "ModelName": words::<ModelName>(),
        "OddSign": words::<Sign>(),
        "TrainingReport['stopped']": words::<Stopped>(),
        "ModelUpdate['outcome']": words::<UpdateOutcome>(),
    })
}
