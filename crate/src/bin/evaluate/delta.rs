//! `evaluate delta FILE`: says how much fine-tuning changed each parameter, as JSON. `--apply NETWORK --out FILE` gives
//! θ_pre + Δθ, `--take-back NETWORK --out FILE` θ_new − Δθ, both exact to the bit.

use std::path::PathBuf;

use driftscope::training::transfer::{Delta, Network};
use lexopt::prelude::*;

use crate::{Failure, USAGE};

/// What is done with a change.
enum Way {
    Apply,
    TakeBack,
}

fn read(path: &PathBuf) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Runs the command with the arguments after its name.
pub fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let (mut places, mut asked, mut out) = (Vec::new(), None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => places.push(PathBuf::from(value)),
            Long("apply") => asked = Some((Way::Apply, PathBuf::from(parser.value()?))),
            Long("take-back") => asked = Some((Way::TakeBack, PathBuf::from(parser.value()?))),
            Long("out") => out = Some(PathBuf::from(parser.value()?)),
            Long("help") | Short('h') => return Err(USAGE.into()),
            other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    let [file] = places.as_slice() else { return Err(USAGE.into()) };
    let delta = Delta::from_bytes(&read(file)?)?;
    let Some((way, network)) = asked else {
        println!("{}", serde_json::to_string_pretty(&delta.changes())?);
        return Ok(());
    };
    let out = out.ok_or_else(|| format!("--out is missing\n{USAGE}"))?;
    let network = Network::from_bytes(&read(&network)?)?;
    let result = match way {
        Way::Apply => network.changed(&delta)?,
        Way::TakeBack => network.restored(&delta)?,
    };
    std::fs::write(&out, result.to_bytes()?).map_err(|error| format!("{}: {error}", out.display()).into())
}
