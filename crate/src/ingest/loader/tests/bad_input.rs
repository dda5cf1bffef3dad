use super::*;
use crate::ingest::{RejectedRows, gunzip::Expansion, records::LIMIT};

/// A problem that a file's report tells.
fn problem(raw: &RawLog) -> Option<&str> {
    raw.files[0].problems.first().map(|note| note.code.as_str())
}

#[test]
fn files_without_rows_are_empty() {
    let header = FilePlan { has_header: true, ..simple() };
    for (plan, text) in
        [(simple(), ""), (header.clone(), "user,item,time\n"), (header, "user,item,time"), (simple(), "\r\n\n")]
    {
        let error = read(plan, text).unwrap_err();
        assert!(matches!(&error, Error::Empty { place, .. } if place.file == "log.csv"), "{text:?}: {error}");
    }
    assert!(matches!(read(simple(), gzip(b"")), Err(Error::Empty { .. })));
    assert!(matches!(Loader::new().finish(), Err(Error::Columns { .. })));
}

#[test]
fn what_is_no_text_is_refused() {
    let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x01\x80\x08\x06\0\0\0".as_slice(), &[0x9c; 9000]].concat();
    let noise: Vec<u8> = (0..20_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let wide: Vec<u8> = "u,i,1\n".repeat(900).encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [png, noise, wide] {
        let error = read(simple(), bytes).unwrap_err();
        assert!(matches!(&error, Error::Unreadable { place, .. } if place.file == "log.csv"), "{error}");
    }
}

#[test]
fn plans_without_the_needed_columns_are_refused() {
    let cases =
        [(&["item", "time"][..], "user"), (&["user", "item"][..], "time"), (&["user", "time", "kind"][..], "item")];
    for (columns, missing) in cases {
        let error = Loader::new().begin(plan(columns)).unwrap_err();
        assert!(matches!(&error, Error::Columns { hint, .. } if hint.contains(missing)), "{error}");
    }
    let zone = FilePlan { time_zone: "Europe/Atlantis".to_owned(), ..simple() };
    assert!(matches!(Loader::new().begin(zone), Err(Error::Parameter { .. })));
}

#[test]
fn each_parse_rule_takes_its_rows() {
    let text = "u,i,1\nu,i\nu,i,1,2\n,i,1\nu, ,1\nu,i,\nu,i,noon\nu,i,-1\nu,i,4294967296\nu,\\N,3\n,,\nu,i,99999999999999999999\n";
    let raw = read(simple(), text).unwrap();
    assert_eq!(counts(&raw, 0), (12, 1, 11));
    assert_eq!(
        rejected(&raw),
        [
            "malformed_row 2 3",
            "malformed_row 3 4",
            "missing_user 4 1",
            "missing_item 5 2",
            "missing_time 6 3",
            "bad_time 7 3",
            "bad_time 8 3",
            "bad_time 9 3",
            "missing_item 10 2",
            "missing_user 11 1",
            "bad_time 12 3",
        ]
    );
    assert_eq!(
        raw.examples[0].1,
        Example { file: "log.csv".to_owned(), line: 2, column: Some(3), text: "u,i".to_owned() }
    );
}

#[test]
fn five_examples_of_a_rule_are_kept_and_all_are_counted() {
    let text = "u,i,1\n".to_owned() + &format!("u,{},x\n", "é".repeat(300)).repeat(40);
    let raw = read(simple(), text).unwrap();
    assert_eq!((raw.examples.len(), raw.files[0].rejected.by_rule(RuleName::BadTime)), (5, 40));
    assert_eq!(raw.examples[0].1.text.chars().count(), 201);
}

#[test]
fn a_log_without_one_good_row_says_why_and_where() {
    let error = read(simple(), "u,i,1,9\nu,i,noon\nu,i,night\n").unwrap_err();
    let Error::Columns { place, hint } = &error else { panic!("{error}") };
    assert_eq!((place.line, place.column), (Some(2), Some(3)));
    assert!(hint.contains("2 of 3") && hint.contains("bad_time"), "{hint}");
}

#[test]
fn an_unclosed_quote_costs_its_own_line_only() {
    let rows = |from: u32, to: u32| (from..to).map(|n| format!("u,i{n},{n}\n")).collect::<String>();
    // To the end of the file; to a later quote, after which text goes on; to one that fits by chance but for the columns.
    for (bad, later) in [("u,\"open,1\n", ""), ("u,\"open,1\n", "u,\"fine\",9\n"), ("u,\"open,1\n", "u,x\",9\n")] {
        let text = rows(0, 20) + bad + &rows(20, 40) + later;
        let raw = read(simple(), &text).unwrap();
        let all = text.lines().count() as u64;
        assert_eq!(counts(&raw, 0), (all, all - 1, 1), "{bad:?} {later:?}");
        assert_eq!(rejected(&raw), ["malformed_row 21 2"]);
    }
    // Far from the next quote.
    let text = rows(0, 2) + "u,\"open,1\r\n" + &rows(2, 3000) + "u,\"fine\",9\n";
    let raw = read(simple(), text).unwrap();
    assert_eq!((counts(&raw, 0), rejected(&raw)), ((3002, 3001, 1), vec!["malformed_row 3 2".to_owned()]));
    // In the header.
    let plan = FilePlan { has_header: true, ..simple() };
    assert_eq!(counts(&read(plan, "user,\"item,time\nu,i,1\nu,j,2\n").unwrap(), 0), (2, 2, 0));
}

#[test]
fn a_quoted_cell_may_run_over_lines() {
    let cell = "line\r\n".repeat(250);
    let plan = plan(&["user", "text ignore", "item", "time"]);
    let raw = read(plan, format!("u,\"{cell}\",i,1\nv,,i,2\n")).unwrap();
    assert_eq!((events(&raw).len(), raw.files[0].lines.line(1)), (2, 252));
}

#[test]
fn a_name_of_more_than_a_kilobyte_is_no_name() {
    let raw = read(simple(), format!("u,{},1\nu,{},2\n", "x".repeat(1024), "x".repeat(1025))).unwrap();
    assert_eq!(rejected(&raw), ["malformed_row 2 2"]);
}

#[test]
fn nul_bytes_and_invalid_utf8_spoil_their_row_only() {
    let raw =
        read(simple(), b"u,i,1\nu,i\0j,2\nu\xff,i,3\nu,\"a\xc3,b\",4\nu,i,5\xe2\x82\n\"u\",\"\xf0\x9f\x98\x80\",6\n")
            .unwrap();
    assert_eq!(rejected(&raw), ["malformed_row 2 2", "malformed_row 3 1", "malformed_row 4 2", "malformed_row 5 3"]);
    assert_eq!(events(&raw), ["u i - purchase 1", "u 😀 - purchase 6"]);
    assert_eq!(raw.examples[0].1.text, "u,i\u{fffd}j,2");
}

#[test]
fn what_the_encoding_does_not_know_spoils_its_row_only() {
    let mut wide: Vec<u8> = "u,i,1\nu,X,2\nu,j,3\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    // A lone surrogate for the X, and half a character at the end.
    let at = wide.windows(2).position(|unit| unit == [b'X', 0]).unwrap();
    wide[at + 1] = 0xd8;
    wide.push(b'u');
    let raw = read(FilePlan { encoding: Encoding::Utf16Le, ..simple() }, wide).unwrap();
    assert_eq!(
        (counts(&raw, 0), rejected(&raw)),
        ((4, 2, 2), vec!["malformed_row 2 2".to_owned(), "malformed_row 4 1".to_owned()])
    );
    let raw =
        read(FilePlan { encoding: Encoding::Gb18030, ..simple() }, b"u,\xc9\xcc,1\nu,\xff\xff,2\nu,j,3\n").unwrap();
    assert_eq!((events(&raw)[0].as_str(), rejected(&raw)), ("u 商 - purchase 1", vec!["malformed_row 2 2".to_owned()]));
}

#[test]
fn a_line_of_200_mb_is_one_malformed_row_in_little_memory() {
    for quote in ["", "\""] {
        let mut loader = Loader::new();
        loader.begin(simple()).unwrap();
        loader.push(format!("u,i,1\nu,{quote}").as_bytes()).unwrap();
        let piece = vec![b'x'; 1 << 20];
        let mut held = 0;
        for _ in 0..200 {
            loader.push(&piece).unwrap();
            held = held.max(loader.open.as_ref().unwrap().reader.bytes_held());
        }
        loader.push(b",2\nu,j,3\n").unwrap();
        loader.end().unwrap();
        let raw = loader.finish().unwrap();
        assert_eq!((counts(&raw, 0), rejected(&raw)), ((3, 2, 1), vec!["malformed_row 2 -".to_owned()]));
        assert!(held < 8 * LIMIT, "{held} bytes held");
    }
}

#[test]
fn a_record_at_the_limit_is_read_and_one_beyond_is_not() {
    let row = |length: usize| {
        let start = "u,";
        format!("{start}{},i,1\n", "x".repeat(length - start.len() - ",i,1".len()))
    };
    let plan = plan(&["user", "text ignore", "item", "time"]);
    let text = row(LIMIT) + &row(LIMIT + 1) + "u,,i,3\n";
    for piece in [1 << 12, 1 << 18, 1 << 22] {
        let raw = load(&[(plan.clone(), text.as_bytes())], piece).unwrap();
        assert_eq!(rejected(&raw), ["malformed_row 2 -"]);
    }
}

#[test]
fn a_truncated_gzip_keeps_the_rows_before_the_cut() {
    let text: String = (0..5000).map(|n| format!("u{n},i{},{}\n", n * 7919 % 100_003, n * 31)).collect();
    let whole = gzip(text.as_bytes());
    for cut in [whole.len() - 1, whole.len() - 8, whole.len() / 2, 2000] {
        let raw = read(simple(), &whole[..cut]).unwrap();
        let (rows, accepted, rejected) = counts(&raw, 0);
        assert_eq!(problem(&raw), Some("file.damaged"));
        assert_eq!(rows, accepted + rejected);
        assert!(rejected <= 1 && accepted < 5001);
        // The line that was cut is no event, though what is left of it may read like one.
        let expected: Vec<_> = text
            .lines()
            .take(accepted as usize)
            .map(|line| {
                let cells: Vec<_> = line.split(',').collect();
                format!("{} {} - purchase {}", cells[0], cells[1], cells[2])
            })
            .collect();
        assert_eq!(events(&raw), expected);
    }
    let error = read(simple(), &whole[..20]).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
}

#[test]
fn a_corrupt_gzip_keeps_the_rows_before_the_damage() {
    let text: String = (0..50_000).map(|n| format!("u{n},i{},{}\n", n * 7919 % 100_003, n * 31)).collect();
    let mut bytes = gzip(text.as_bytes());
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40].fill(0xff);
    let raw = read(simple(), &bytes).unwrap();
    let (rows, accepted, rejected) = counts(&raw, 0);
    assert_eq!((problem(&raw), rows), (Some("file.damaged"), accepted + rejected));
    assert!((20_000..40_000).contains(&rows), "{rows}");
    let mut trailing = gzip(b"u,i,1\n");
    trailing.extend_from_slice(b"garbage");
    let raw = read(simple(), trailing).unwrap();
    assert_eq!((problem(&raw), counts(&raw, 0)), (Some("file.damaged"), (1, 1, 0)));
}

#[test]
fn a_bomb_is_refused_and_a_repetitive_log_is_not() {
    let limits = Expansion { floor: 1 << 20, ratio: Expansion::default().ratio };
    let expand = |bytes: &[u8]| {
        let mut reader = RowReader::with_limits(&simple(), limits).unwrap();
        let mut rows = 0;
        let mut count = |_: Row<'_>| {
            rows += 1;
            Ok(())
        };
        reader.push(bytes, &mut count).and_then(|()| reader.end(&mut count)).map(|_| rows)
    };
    let bomb = gzip(&vec![b'0'; 8 << 20]);
    assert!(bomb.len() < 10_000);
    let error = expand(&bomb).unwrap_err();
    assert!(matches!(&error, Error::TooLarge { limit, .. } if *limit >= 1 << 20), "{error}");
    // One user, one item, a second apart: as repetitive as a log gets.
    let log: String = (0..300_000).map(|n| format!("user-1,item-1,{}\n", 1_500_000_000 + n)).collect();
    assert_eq!(expand(&gzip(log.as_bytes())).unwrap(), 300_000);
}

#[test]
fn a_log_that_will_not_fit_into_memory_is_refused_while_it_is_read() {
    let lines: Vec<String> = (0..20_000).map(|n| format!("u{n},i{n},{}\n", 1_500_000_000 + n)).collect();
    let rows_within = |memory: usize| {
        let mut loader = Loader::within(memory);
        loader.begin(simple()).unwrap();
        let refused = lines.iter().find_map(|line| loader.push(line.as_bytes()).err());
        (loader.rows_read(), refused)
    };
    let (all, refused) = rows_within(8 << 20);
    assert!((all, refused.is_none()) == (20_000, true));
    let (rows, refused) = rows_within(1 << 20);
    // Long before it takes as much: an event, a user and an item count 192 bytes.
    assert_eq!(rows, (1 << 20) / 192 + 1);
    assert!(matches!(refused, Some(Error::Memory { limit, .. }) if limit == 1 << 20), "{refused:?}");
}

#[test]
fn json_that_is_none_spoils_its_line_only() {
    let plan = FilePlan { format: Format::Jsonl, ..plan(&["u user", "i item", "t time"]) };
    let deep = "[".repeat(100_000);
    let text = format!(
        "{{\"u\":1,\"i\":2,\"t\":3}}\n[1]\n{{\"u\":1\n{{\"u\":1}} x\n{{\"i\":{deep}\n{{\"u\":\"\\u0000\",\"i\":2,\"t\":3}}\n{{}}\n"
    );
    let raw = read(plan, text).unwrap();
    assert_eq!(
        rejected(&raw),
        [
            "malformed_row 2 -",
            "malformed_row 3 -",
            "malformed_row 4 -",
            "malformed_row 5 -",
            "malformed_row 6 1",
            "missing_user 7 1"
        ]
    );
    assert_eq!(events(&raw), ["1 2 - purchase 3"]);
}

#[test]
fn a_line_with_very_many_rows_takes_little_time_and_room() {
    let plan = FilePlan { format: Format::Jsonl, ..plan(&["u user", "items[].i item", "t time"]) };
    let items = [r#"{"i":1}"#, "{}"].repeat(50_000).join(",");
    let text = format!("{{\"u\":1,\"t\":2,\"items\":[{items}]}}\n");
    let begin = std::time::Instant::now();
    let raw = read(plan.clone(), &text).unwrap();
    assert_eq!(counts(&raw, 0), (100_000, 50_000, 50_000));
    let mut pass = RejectedRows::new();
    pass.begin(&raw, &plan).unwrap();
    let out = pass.push(&raw, |_| None, text.as_bytes()).unwrap();
    assert_eq!(out.iter().filter(|&&byte| byte == b'\n').count(), 50_000);
    assert!(out.len() < 300 * 50_000, "{}", out.len());
    // By the length of the line for each row it would be minutes.
    assert!(begin.elapsed().as_secs() < 10, "{:?}", begin.elapsed());
}

#[test]
fn calls_out_of_order_are_refused() {
    let mut loader = Loader::new();
    assert!(matches!(loader.push(b"x"), Err(Error::State { .. })));
    assert!(matches!(loader.end(), Err(Error::State { .. })));
    loader.begin(simple()).unwrap();
    assert!(matches!(loader.begin(simple()), Err(Error::State { .. })));
    assert!(matches!(loader.finish(), Err(Error::State { .. })));
}
