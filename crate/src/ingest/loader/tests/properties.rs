use proptest::prelude::*;

use super::*;
use crate::ingest::RejectedRows;

/// Everything that a reading gives, or its error.
fn outcome(files: &[(FilePlan, &[u8])], piece: usize) -> String {
    match load(files, piece) {
        Ok(raw) => format!("{:?}", (raw.log.to_bytes(), raw.fingerprints, raw.files, raw.examples, raw.notes)),
        Err(error) => format!("{error:?}"),
    }
}

fn plans() -> impl Strategy<Value = FilePlan> {
    let columns = prop::sample::select(vec![
        vec!["user", "item", "time"],
        vec!["user", "time", "kind", "domain"],
        vec!["time", "user", "item", "platform", "domain", "x domain"],
        vec!["items[].i item", "u.v user", "t time", "items[] domain"],
    ]);
    let encodings = [Encoding::Utf8, Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030];
    let formats = [
        TimeFormat::Seconds,
        TimeFormat::Milliseconds,
        TimeFormat::Microseconds,
        TimeFormat::CompactDate,
        TimeFormat::Text,
    ];
    let delimiter = prop::sample::select(vec![",", "\t", "::", "\u{1}"]);
    (
        columns,
        any::<bool>(),
        prop::sample::select(encodings.to_vec()),
        delimiter,
        any::<bool>(),
        prop::sample::select(formats.to_vec()),
    )
        .prop_map(|(columns, json, encoding, delimiter, has_header, time_format)| FilePlan {
            format: if json { Format::Jsonl } else { Format::Delimited },
            delimiter: delimiter.to_owned(),
            encoding,
            has_header,
            time_format,
            ..plan(&columns)
        })
}

/// Text in which everything that matters to a reader is frequent.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let bit = prop::sample::select(vec![
        "u1",
        "i2",
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\"",
        "\"\"",
        "15",
        "2020-01-01",
        "::",
        "\t",
        "é",
        "商",
        "\0",
        "{\"u\":{\"v\":1},\"t\":5,\"items\":[{\"i\":1},{\"i\":\"b\"}]}",
        "{\"t\":",
        "}",
        "NULL",
        " ",
        "\u{feff}",
        "\u{1}",
    ]);
    let bytes =
        prop_oneof![30 => bit.prop_map(|text| text.as_bytes().to_vec()), 1 => any::<u8>().prop_map(|byte| vec![byte])];
    prop::collection::vec(bytes, 0..120).prop_map(|parts| parts.concat())
}

/// Rows of three cells, some quoted, some spoilt.
fn rows() -> impl Strategy<Value = String> {
    let row = prop_oneof![
        6 => "u[0-3],i[0-9],[0-9]{1,9}\r?\n",
        2 => "u[0-3],\"i[,\n\"]{0}[a-c,\n]{0,4}\",[0-9]{1,4}\n",
        1 => "u[0-3],\"[a-c]{0,4},[0-9]{1,4}\n",
        1 => "[u,\"\n]{0,6}\n",
    ];
    prop::collection::vec(row, 0..40).prop_map(|rows| rows.concat())
}

proptest! {
    #[test]
    fn any_bytes_under_any_plan_end_well(bytes in prop::collection::vec(any::<u8>(), 0..300), plan in plans(), piece in 1usize..50) {
        prop_assert_eq!(outcome(&[(plan.clone(), &bytes)], piece), outcome(&[(plan, &bytes)], 1 << 20));
    }

    #[test]
    fn pieces_change_nothing(text in texts(), plan in plans(), packed: bool, piece in 1usize..20) {
        let bytes = if packed { gzip(&text) } else { text };
        prop_assert_eq!(outcome(&[(plan.clone(), &bytes)], piece), outcome(&[(plan, &bytes)], 1 << 20));
    }

    #[test]
    fn pieces_change_nothing_in_a_damaged_file(
        text in rows(), piece in 1usize..200, at in 0.0..1.0, change: u8, cut: bool,
    ) {
        let mut bytes = gzip(text.repeat(20).as_bytes());
        let at = (bytes.len() as f64 * at) as usize;
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] ^= change;
        }
        prop_assert_eq!(outcome(&[(simple(), &bytes)], piece), outcome(&[(simple(), &bytes)], 1 << 20));
    }

    #[test]
    fn accepted_and_rejected_add_up_and_the_rejected_come_back(text in rows(), piece in 1usize..64, every in 2u32..9) {
        let Ok(raw) = load(&[(simple(), text.as_bytes())], piece) else { return Ok(()) };
        let (rows, accepted, rejected) = counts(&raw, 0);
        prop_assert_eq!(rows, accepted + rejected);
        prop_assert_eq!(accepted, raw.log.len() as u64);

        // Cleaning that rejects every few events.
        let verdict = |event: u32| event.is_multiple_of(every).then_some(RuleName::ExactDuplicate);
        let mut pass = RejectedRows::new();
        pass.begin(&raw, &simple()).unwrap();
        let mut out = RejectedRows::header().to_vec();
        for bytes in text.as_bytes().chunks(piece) {
            out.extend(pass.push(&raw, verdict, bytes).unwrap());
        }
        out.extend(pass.end(&raw, verdict).unwrap());
        let mut reader = csv::Reader::from_reader(out.as_slice());
        let written: Vec<[String; 4]> = reader.records().map(|r| std::array::from_fn(|i| r.as_ref().unwrap()[i].to_owned())).collect();
        let duplicates = written.iter().filter(|row| row[2] == "exact_duplicate").count();
        prop_assert_eq!(written.len() as u64, rejected + accepted.div_ceil(u64::from(every)));
        prop_assert_eq!(duplicates as u64, accepted.div_ceil(u64::from(every)));
        // Each row stands in the text at its line.
        let lines: Vec<&str> = text.split('\n').collect();
        for [file, line, _, row] in &written {
            prop_assert_eq!(file, "log.csv");
            let at = lines[line.parse::<usize>().unwrap() - 1..].join("\n");
            prop_assert!(at.starts_with(row.as_str()), "{:?} is not at line {}", row, line);
        }
    }
}

#[test]
fn a_row_that_a_spreadsheet_would_run_gets_an_apostrophe() {
    let text = b"=cmd|' /C calc'!A0,i,x\n-1,\"i\",y\nu,i,1\n";
    let raw = read(simple(), text).unwrap();
    let mut pass = RejectedRows::new();
    let other = FilePlan { name: "other.csv".to_owned(), ..simple() };
    assert!(matches!(pass.begin(&raw, &other), Err(Error::State { .. })));
    pass.begin(&raw, &simple()).unwrap();
    let mut out = pass.push(&raw, |_| None, text).unwrap();
    out.extend(pass.end(&raw, |_| None).unwrap());
    let expected = "\"log.csv\",1,bad_time,\"'=cmd|' /C calc'!A0,i,x\"\n\"log.csv\",2,bad_time,\"'-1,\"\"i\"\",y\"\n";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}
