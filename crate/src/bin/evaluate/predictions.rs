//! The prediction files of PROTOCOL.md.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use driftscope::{evaluation::Outcome, event::Log, training::Instance};
use flate2::{Compression, write::GzEncoder};

use crate::Failure;

/// Protocol INP, `user,period,rank,domain`: one block for each instance.
pub fn write(path: &Path, log: &Log, instances: &[Instance], outcomes: &[Outcome]) -> Result<(), Failure> {
    to_file(path, |writer| {
        writer.write_record(["user", "period", "rank", "domain"])?;
        for (instance, outcome) in instances.iter().zip(outcomes) {
            let period = instance.window.to_string();
            for (index, &domain) in outcome.ranked.iter().enumerate() {
                let rank = (index + 1).to_string();
                let user = log.users.name(instance.user);
                writer.write_record([user, period.as_str(), rank.as_str(), log.domains.name(domain)])?;
            }
        }
        Ok(())
    })
}

/// Writes CSV rows into a file; gzipped where the name ends in `.gz`.
pub fn to_file(
    path: &Path,
    rows: impl FnOnce(&mut csv::Writer<&mut dyn Write>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut file = BufWriter::new(file);
    let into = |out: &mut dyn Write| -> Result<(), Failure> {
        let mut writer = csv::Writer::from_writer(out);
        rows(&mut writer)?;
        Ok(writer.flush()?)
    };
    if path.extension().is_some_and(|end| end == "gz") {
        let mut encoder = GzEncoder::new(file, Compression::default());
        into(&mut encoder)?;
        encoder.finish()?.flush()?;
    } else {
        into(&mut file)?;
        file.flush()?;
    }
    Ok(())
}
