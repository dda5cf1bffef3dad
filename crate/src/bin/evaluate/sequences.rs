//! Reads the data sets of protocol LLO: `sequences.txt.gz` and `item_attributes.tsv.gz`.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use driftscope::{
    event::Dictionary,
    graph::Csr,
    training::next_item::{Catalogue, Sequences},
};
use flate2::read::GzDecoder;

use crate::Failure;

/// Names of the data sets.
pub const SETS: [&str; 3] = ["lastfm_hetrec", "amazon_beauty", "amazon_sports"];

/// A data set, with the names that its file gives to users and items.
pub struct SequenceSet {
    pub users: Vec<String>,
    pub items: Dictionary,
    pub sequences: Sequences,
    pub catalogue: Catalogue,
}

/// Reads a folder. There are no times: the place in the line is the clock.
pub fn load(folder: &Path) -> Result<SequenceSet, Failure> {
    let (mut users, mut items, mut rows) = (Vec::new(), Dictionary::new(), Vec::new());
    for line in lines(&folder.join("sequences.txt.gz"))? {
        let line = line?;
        let mut words = line.split_ascii_whitespace();
        let Some(user) = words.next() else { continue };
        users.push(user.to_owned());
        rows.push(words.map(|item| items.intern(item)).collect::<Vec<u32>>());
    }
    let mut attributes = Dictionary::new();
    let mut places = Vec::new();
    for line in lines(&folder.join("item_attributes.tsv.gz"))?.skip(1) {
        let line = line?;
        let (item, names) = line.split_once('\t').ok_or("item_attributes.tsv.gz: a line has no tab")?;
        // Only what occurs in a sequence is a candidate.
        let Some(item) = items.get(item) else { continue };
        places.extend(names.split_ascii_whitespace().map(|name| (item, attributes.intern(name), 1.0)));
    }
    let content = Csr::from_triplets(items.len(), attributes.len(), places);
    let sequences = Sequences::new(items.len(), &rows)?;
    Ok(SequenceSet { users, items, sequences, catalogue: Catalogue::new(content) })
}

fn lines(path: &Path) -> Result<impl Iterator<Item = std::io::Result<String>> + use<>, Failure> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(BufReader::new(GzDecoder::new(file)).lines())
}

#[cfg(test)]
mod tests;
