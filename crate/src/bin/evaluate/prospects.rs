//! `evaluate prospects <set> --data DIR`: how well churn and purchases in the test windows are foretold, against the rate
//! among users of like recency; as JSON.

use std::path::PathBuf;

use driftscope::insight::prospects_in;
use lexopt::prelude::*;
use serde_json::json;

use crate::{Failure, USAGE, dataset::Dataset, print, watch::Watch};

/// Runs the command with the arguments after its name.
pub fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let (mut places, mut data) = (Vec::new(), None);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => places.push(value.string()?),
            Long("data") => data = Some(PathBuf::from(parser.value()?)),
            other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    let set = match places.as_slice() {
        [name] => Dataset::find(name).ok_or_else(|| format!("unknown data set {name}\n{USAGE}"))?,
        _ => return Err(USAGE.into()),
    };
    let log = (set.load)(&data.ok_or_else(|| format!("--data is missing\n{USAGE}"))?)?;
    let (windows, split) = (set.windows()?, set.split()?);
    let found = pollster::block_on(prospects_in(&log, &windows, split.test.len(), &mut Watch { quiet: true }))?;
    let summary = json!({
        "set": set.name,
        "testWindows": split.test,
        "churn": found.churn,
        "purchase": found.purchase,
    });
    print::line(&serde_json::to_string_pretty(&summary)?)
}
