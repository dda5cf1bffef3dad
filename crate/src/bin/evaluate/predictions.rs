//! The prediction file of PROTOCOL.md: `user,period,rank,domain`.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use driftscope::{evaluation::Outcome, event::Log, training::Instance};
use flate2::{Compression, write::GzEncoder};

use crate::Failure;

/// Writes one block for each instance; gzipped where the name ends in `.gz`.
pub fn write(path: &Path, log: &Log, instances: &[Instance], outcomes: &[Outcome]) -> Result<(), Failure> {
    let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = BufWriter::new(file);
    if path.extension().is_some_and(|end| end == "gz") {
        let mut encoder = GzEncoder::new(file, Compression::default());
        rows(&mut encoder, log, instances, outcomes)?;
        encoder.finish()?.flush()?;
    } else {
        let mut file = file;
        rows(&mut file, log, instances, outcomes)?;
        file.flush()?;
    }
    Ok(())
}

fn rows(out: &mut impl Write, log: &Log, instances: &[Instance], outcomes: &[Outcome]) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["user", "period", "rank", "domain"])?;
    for (instance, outcome) in instances.iter().zip(outcomes) {
        let period = instance.window.to_string();
        for (index, &domain) in outcome.ranked.iter().enumerate() {
            let rank = (index + 1).to_string();
            let user = log.users.name(instance.user);
            writer.write_record([user, period.as_str(), rank.as_str(), log.domains.name(domain)])?;
        }
    }
    writer.flush()?;
    Ok(())
}
