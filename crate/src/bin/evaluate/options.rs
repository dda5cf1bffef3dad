//! The arguments that `interest`, `nextitem` and `table` share.

use std::path::PathBuf;

use driftscope::{
    evaluation::{Aim, ModelName},
    ingest::Role,
    interest::WindowLength,
    training::Init,
};
use lexopt::prelude::*;

use crate::{Failure, help, print};

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// What is printed where nothing else is asked for.
    Plain,
    Json,
    Markdown,
}

/// How a log is cut into windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Windows of so many seconds from the first event on.
    Seconds(u32),
    /// Calendar windows of the time zone.
    Calendar(WindowLength),
}

/// A log that is no data set of the protocols, and how it is to be read and split.
#[derive(Debug, Clone)]
pub struct LogOptions {
    pub files: Vec<PathBuf>,
    pub items: Vec<PathBuf>,
    pub social: Vec<PathBuf>,
    /// Roles of the columns; those that are not named are found by their names and content.
    pub columns: Vec<(Role, String)>,
    pub item_columns: Vec<(Role, String)>,
    pub social_columns: Vec<(Role, String)>,
    pub window: Cut,
    pub validation: usize,
    pub test: usize,
    pub min_events: u32,
    pub time_zone: String,
}

/// All that can be asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// Names of data sets.
    pub sets: Vec<String>,
    pub data: Option<PathBuf>,
    pub log: LogOptions,
    /// In the order given; empty where none is named.
    pub models: Vec<ModelName>,
    pub baseline: Option<ModelName>,
    pub seeds: Vec<u64>,
    /// Whether the prediction file and the scores are those of validation.
    pub validation: bool,
    pub epochs: Option<usize>,
    pub refit: bool,
    /// What the pair network starts from.
    pub init: Init,
    /// Whether a fusion starts from networks that were trained alone.
    pub carry_over: bool,
    /// What the first place of the networks is to be good for.
    pub aim: Aim,
    /// Whether graphs hold social edges (PROTOCOL.md, rule 5).
    pub trust: bool,
    pub print: Print,
    pub quiet: bool,
    pub out: Option<PathBuf>,
}

const DAY: u32 = 86_400;

/// Reads the arguments; `None` where help was asked for, which is then printed.
pub fn parse(mut parser: lexopt::Parser) -> Result<Option<Options>, Failure> {
    let log = LogOptions {
        files: Vec::new(),
        items: Vec::new(),
        social: Vec::new(),
        columns: Vec::new(),
        item_columns: Vec::new(),
        social_columns: Vec::new(),
        window: Cut::Seconds(28 * DAY),
        validation: 1,
        test: 2,
        min_events: 5,
        time_zone: "UTC".to_owned(),
    };
    let mut options = Options {
        sets: Vec::new(),
        data: None,
        log,
        models: Vec::new(),
        baseline: None,
        seeds: vec![1],
        validation: false,
        epochs: None,
        refit: true,
        init: Init::Scratch,
        carry_over: true,
        aim: Aim::default(),
        trust: false,
        print: Print::Plain,
        quiet: false,
        out: None,
    };
    while let Some(argument) = parser.next()? {
        let log = &mut options.log;
        match argument {
            Value(value) => options.sets.push(value.string()?),
            Long("data") => options.data = Some(PathBuf::from(parser.value()?)),
            Long("out") => options.out = Some(PathBuf::from(parser.value()?)),
            Long("log") => log.files.extend(parser.values()?.map(PathBuf::from)),
            Long("items") => log.items.extend(parser.values()?.map(PathBuf::from)),
            Long("social") => log.social.extend(parser.values()?.map(PathBuf::from)),
            Long("columns") => log.columns = columns(&parser.value()?.string()?)?,
            Long("item-columns") => log.item_columns = columns(&parser.value()?.string()?)?,
            Long("social-columns") => log.social_columns = columns(&parser.value()?.string()?)?,
            Long("window") => log.window = cut(&parser.value()?.string()?)?,
            Long("val") => log.validation = parser.value()?.parse()?,
            Long("test") => log.test = parser.value()?.parse()?,
            Long("min-events") => log.min_events = parser.value()?.parse()?,
            Long("time-zone") => log.time_zone = parser.value()?.string()?,
            Long("model" | "models") => options.models = list(&parser.value()?.string()?, model)?,
            Long("baseline") => options.baseline = Some(model(&parser.value()?.string()?)?),
            Long("seed" | "seeds") => options.seeds = list(&parser.value()?.string()?, seed)?,
            Long("epochs") => options.epochs = Some(parser.value()?.parse()?),
            Long("no-refit") => options.refit = false,
            Long("refit") => options.refit = true,
            Long("init") => match parser.value()?.string()?.as_str() {
                "scratch" => options.init = Init::Scratch,
                "base" => options.init = Init::Base,
                other => return Err(format!("--init is scratch or base, not {other}").into()),
            },
            Long("first") => match parser.value()?.string()?.as_str() {
                "shares" => options.aim = Aim::Shares,
                "balanced" => options.aim = Aim::Balanced,
                "moving" => options.aim = Aim::Moving,
                other => return Err(format!("--first is shares, balanced or moving, not {other}").into()),
            },
            Long("trust") => options.trust = true,
            Long("no-carry-over") => options.carry_over = false,
            Long("json") => options.print = Print::Json,
            Long("markdown") => options.print = Print::Markdown,
            Long("quiet") => options.quiet = true,
            Long("split") => match parser.value()?.string()?.as_str() {
                "val" => options.validation = true,
                "test" => options.validation = false,
                other => return Err(format!("--split is val or test, not {other}").into()),
            },
            Long("help") | Short('h') => {
                print::line(help::TEXT)?;
                return Ok(None);
            }
            other => return Err(format!("{}; evaluate --help lists the options", other.unexpected()).into()),
        }
    }
    if options.log.files.is_empty() && !(options.log.items.is_empty() && options.log.social.is_empty()) {
        return Err("--items and --social go with --log FILE".into());
    }
    Ok(Some(options))
}

/// The parts of a list with commas.
fn list<T>(text: &str, read: impl Fn(&str) -> Result<T, Failure>) -> Result<Vec<T>, Failure> {
    text.split(',').map(|word| read(word.trim())).collect()
}

fn seed(word: &str) -> Result<u64, Failure> {
    Ok(word.parse().map_err(|_| format!("--seeds are whole numbers such as 1,2,3, not {word}"))?)
}

fn model(name: &str) -> Result<ModelName, Failure> {
    let known = || ModelName::ALL.map(ModelName::name).join(" ");
    Ok(ModelName::from_name(name).ok_or_else(|| format!("there is no model {name}; there are: {}", known()))?)
}

/// `user=uid,time=ts,…`.
fn columns(text: &str) -> Result<Vec<(Role, String)>, Failure> {
    list(text, |pair| {
        let (role, name) = pair
            .split_once('=')
            .filter(|(_, name)| !name.is_empty())
            .ok_or_else(|| format!("columns are written user=NAME,item=NAME,…, not {pair}"))?;
        let role: Role = serde_json::from_value(role.into()).map_err(|_| {
            format!("there is no role {role}; there are: user item domain time kind platform title friend")
        })?;
        Ok((role, name.to_owned()))
    })
}

/// `28d`, `12h`, `2w`, `day`, `week`, ….
fn cut(text: &str) -> Result<Cut, Failure> {
    if let Ok(length) = serde_json::from_value::<WindowLength>(text.into()) {
        return Ok(Cut::Calendar(length));
    }
    let unit = |word: &str| match word {
        "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3600),
        "d" => Some(DAY),
        "w" => Some(7 * DAY),
        _ => None,
    };
    let (number, word) = text.split_at(text.trim_end_matches(char::is_alphabetic).len());
    let seconds = || number.parse::<u32>().ok()?.checked_mul(unit(word)?).filter(|&seconds| seconds > 0);
    let wrong = || format!("--window is a length such as 28d, 7d or 12h, or day, week, days28 or weeks13, not {text}");
    Ok(Cut::Seconds(seconds().ok_or_else(wrong)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        let parser = lexopt::Parser::from_args(line.split_ascii_whitespace());
        Ok(parse(parser).map_err(|error| error.to_string())?.unwrap())
    }

    #[test]
    fn windows_are_lengths_or_words() {
        let window = |text: &str| read(&format!("--window {text}")).map(|options| options.log.window);
        assert_eq!(window("28d"), Ok(Cut::Seconds(2_419_200)));
        assert_eq!(window("12h"), Ok(Cut::Seconds(43_200)));
        assert_eq!(window("week"), Ok(Cut::Calendar(WindowLength::Week)));
        for wrong in ["28", "d", "0d", "-1d", "1.5d", "fortnight", "99999999w"] {
            assert!(window(wrong).unwrap_err().contains("such as 28d"), "{wrong}");
        }
    }

    #[test]
    fn a_whole_line_is_read() {
        let line = "--log a.csv b.csv.gz --items c.csv --columns user=uid,time=ts,domain=3 --val 2 --test 4 --min-events 3 \
                    --model dnn+gnn,markov --seeds 1,5 --baseline decay_prior --no-refit --json --split val";
        let options = read(line).unwrap();
        assert_eq!((options.log.files.len(), options.log.items.len(), options.sets.len()), (2, 1, 0));
        let columns = [(Role::User, "uid"), (Role::Time, "ts"), (Role::Domain, "3")];
        assert_eq!(options.log.columns, columns.map(|(role, name)| (role, name.to_owned())));
        assert_eq!((options.log.validation, options.log.test, options.log.min_events), (2, 4, 3));
        assert_eq!(options.models, [ModelName::DnnGnn, ModelName::Markov]);
        assert_eq!((options.baseline, options.seeds), (Some(ModelName::DecayPrior), vec![1, 5]));
        assert_eq!((options.refit, options.validation, options.print), (false, true, Print::Json));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, part) in [
            ("--model oracle", "there is no model oracle"),
            ("--columns user", "columns are written"),
            ("--columns person=x", "there is no role person"),
            ("--seeds 1,b", "not b"),
            ("--split train", "val or test"),
            ("--items x.csv", "go with --log"),
            ("--frobnicate", "--help"),
        ] {
            let error = read(line).unwrap_err();
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
