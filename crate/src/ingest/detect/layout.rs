//! How the rows of a text are written: JSON Lines or cells, and between the cells what.

use crate::ingest::{cells::Splitter, json, plan::Format};

/// Delimiters that are tried; of equally good ones the first.
const DELIMITERS: [&str; 6] = ["::", "\t", ",", ";", "|", "\u{1}"];
/// Lines that are looked at.
const LINES: usize = 200;
/// Share of the lines that must have the same number of cells.
const AGREEMENT: f64 = 0.5;

/// The first lines that hold something.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty()).take(LINES)
}

/// Whether each line is a JSON object.
pub(super) fn format_of(text: &str) -> Format {
    let mut first = lines(text).take(3);
    let is_object = |line: &str| line.trim_start().starts_with('{') && json::flatten(line, |_, _| {}).is_some();
    // The second or third may be cut off, the first is whole in any file that can be read.
    if first.next().is_some_and(is_object) { Format::Jsonl } else { Format::Delimited }
}

/// Whether the text is one large JSON array, which cannot be read line by line.
pub(super) fn is_json_array(text: &str) -> bool {
    let rest = text.trim_start().strip_prefix('[').map(str::trim_start);
    rest.is_some_and(|rest| rest.starts_with('{') || rest.starts_with('['))
}

/// The delimiter by which most lines have the same number of cells, of which more than one; a comma where there is none.
pub(super) fn delimiter_of(text: &str) -> &'static str {
    let lines: Vec<&str> = lines(text).collect();
    let mut best: Option<(&'static str, (f64, usize))> = None;
    for delimiter in DELIMITERS {
        let Some(found) = agreement(&lines, delimiter) else { continue };
        if best.is_none_or(|(_, best)| found.0 > best.0 || (found.0 == best.0 && found.1 > best.1)) {
            best = Some((delimiter, found));
        }
    }
    best.map_or(",", |(delimiter, _)| delimiter)
}

/// Share of the lines that have the commonest number of cells, and that number.
fn agreement(lines: &[&str], delimiter: &str) -> Option<(f64, usize)> {
    let mut splitter = Splitter::new(delimiter).ok()?;
    let quotes = splitter.quoting().is_some();
    let mut counts: Vec<usize> = lines
        .iter()
        .filter_map(|line| splitter.split(line.as_bytes(), quotes && line.contains('"')).ok().map(|cells| cells.len()))
        .collect();
    counts.sort_unstable();
    let common = counts.chunk_by(|a, b| a == b).filter(|same| same[0] > 1).max_by_key(|same| same.len())?;
    let share = common.len() as f64 / lines.len() as f64;
    (share >= AGREEMENT).then_some((share, common[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_that_lines_agree_on() {
        for (text, delimiter) in [
            ("a,b,c\n1,2,3\n4,5,6\n", ","),
            ("a;b;c\n1,5;2,5;3\n4;5,1;6\n", ";"),
            ("a\tb\n1, 2\t3\n4\t5\n", "\t"),
            ("1::Toy Story, The (1995)::Animation|Comedy\n2::Jumanji (1995)::Adventure\n", "::"),
            ("a|b\n\"x|y\"|2\n3|4\n", "|"),
            ("1 2 3\n4 5\n", ","),
            ("one\ntwo\n", ","),
            ("", ","),
        ] {
            assert_eq!(delimiter_of(text), delimiter, "{text:?}");
        }
    }

    #[test]
    fn lines_of_json_are_told_from_cells_and_arrays() {
        assert_eq!(format_of("{\"a\": 1}\n{\"a\": 2}\n"), Format::Jsonl);
        assert_eq!(format_of("\n {\"a\": {\"b\": [1]}}\n{\"a\":"), Format::Jsonl);
        assert_eq!(format_of("{a,b}\n1,2\n"), Format::Delimited);
        assert_eq!(format_of(""), Format::Delimited);
        assert!(is_json_array("[\n {\"a\": 1}") && !is_json_array("[x],y") && !is_json_array("{}"));
    }
}
