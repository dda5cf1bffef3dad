use super::*;

#[test]
fn plain_and_gzip_give_the_same_events() {
    let text = "u1,i1,10\r\nu2,i2,20\nu1,\"i,\"\"3\n\",30";
    let raw = read(simple(), text).unwrap();
    assert_eq!(events(&raw), ["u1 i1 - purchase 10", "u2 i2 - purchase 20", "u1 i,\"3 - purchase 30"]);
    assert_eq!(counts(&raw, 0), (3, 3, 0));
    let parts = [gzip(b"u1,i1,10\r\nu2,i"), gzip(b"2,20\nu1,\"i,\"\"3\n\",30")].concat();
    assert_eq!(events(&read(simple(), parts).unwrap()), events(&raw));
}

#[test]
fn delimiters_of_one_byte_and_of_more() {
    for delimiter in [",", "\t", ";", "|", "\u{1}", "::", "¦"] {
        let text = ["u1", "i1", "10"].join(delimiter) + "\n" + &["u2", "i:2", "20"].join(delimiter) + "\n";
        let raw = read(FilePlan { delimiter: delimiter.to_owned(), ..simple() }, text).unwrap();
        assert_eq!(events(&raw), ["u1 i1 - purchase 10", "u2 i:2 - purchase 20"], "{delimiter:?}");
    }
    for delimiter in ["", "\"", "\n"] {
        let error = read(FilePlan { delimiter: delimiter.to_owned(), ..simple() }, "a").unwrap_err();
        assert!(matches!(error, Error::Parameter { name: "delimiter", .. }), "{error}");
    }
}

#[test]
fn a_header_is_left_out_and_quotes_are_undone() {
    let plan = FilePlan { has_header: true, ..simple() };
    let text = "\u{feff}\"user\",item,time\n\"u,1\",\"a \"\"b\"\" c\",10\n\n \"x\" , i2 , 20 \nu3,in\"ch,30\nu4,\"q\"uote,40\n";
    let raw = read(plan, text).unwrap();
    let expected =
        ["u,1 a \"b\" c - purchase 10", "\"x\" i2 - purchase 20", "u3 in\"ch - purchase 30", "u4 quote - purchase 40"];
    assert_eq!(events(&raw), expected);
    assert_eq!((0..4).map(|row| raw.files[0].lines.line(row)).collect::<Vec<_>>(), [2, 4, 5, 6]);
}

#[test]
fn lines_may_end_in_carriage_returns_alone() {
    let rows: String = (0..2000).map(|n| format!("u,i,{n}\r")).collect();
    let raw = read(simple(), &rows).unwrap();
    assert_eq!((counts(&raw, 0), raw.files[0].lines.line(1999)), ((2000, 2000, 0), 2000));
    assert_eq!(counts(&read(simple(), "u,i,1\ru,i,2").unwrap(), 0), (2, 2, 0));
    // A row longer than what is looked at to find that out.
    let plan = plan(&["user", "item", "time", "text ignore"]);
    let long = "x".repeat(4096 - "u,i,1,\r".len());
    assert_eq!(counts(&read(plan, format!("u,i,1,{long}\r\nu,i,2,y\r\n")).unwrap(), 0), (2, 2, 0));
}

#[test]
fn encodings_are_decoded_across_pieces() {
    let text = "用户一,商品“甲”,10\n用户二,a😀b,20\n";
    let units = |to_bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    let little_endian_mark = [vec![0xff, 0xfe], units(u16::to_le_bytes)].concat();
    let inputs = [
        (Encoding::Utf8, text.as_bytes().to_vec()),
        (Encoding::Utf8, format!("\u{feff}{text}").into_bytes()),
        (Encoding::Utf16Le, units(u16::to_le_bytes)),
        (Encoding::Utf16Le, little_endian_mark),
        (Encoding::Utf16Be, units(u16::to_be_bytes)),
        (Encoding::Gb18030, gb),
    ];
    for (encoding, bytes) in inputs {
        for piece in 1..7 {
            let raw = load(&[(FilePlan { encoding, ..simple() }, &bytes)], piece).unwrap();
            let expected = ["用户一 商品“甲” - purchase 10", "用户二 a😀b - purchase 20"];
            assert_eq!(events(&raw), expected, "{encoding:?} {piece}");
        }
    }
}

#[test]
fn kinds_are_known_by_their_words_or_keep_them() {
    let columns = ["user", "item", "time", "kind", "platform"];
    let raw = read(plan(&columns), "u,i,1,pv,app\nu,i,2,BUY,\nu,i,3,wink,web\nu,i,4,,app\n").unwrap();
    assert_eq!(events(&raw), ["u i - view 1", "u i - purchase 2", "u i - wink 3", "u i - purchase 4"]);
    let platforms: Vec<_> = raw.log.iter().map(|e| raw.log.platforms.name(u32::from(e.platform))).collect();
    assert_eq!(platforms, ["app", "", "web", "app"]);
    let raw = read(FilePlan { default_kind: "fav".to_owned(), ..simple() }, "u,i,1\n").unwrap();
    assert_eq!(events(&raw), ["u i - favourite 1"]);
}

#[test]
fn more_kinds_or_platforms_than_a_byte_can_count() {
    let text: String = (0..300).map(|n| format!("u,i,{n},kind{n},p{n}\n")).collect();
    let raw = read(plan(&["user", "item", "time", "kind", "platform"]), text).unwrap();
    assert_eq!(counts(&raw, 0), (300, 256, 44));
    assert_eq!(raw.files[0].rejected.by_rule(RuleName::UnknownKind), 44);
    assert_eq!(rejected(&raw)[0], "unknown_kind 257 4");
    assert_eq!(note(&raw, "kinds.too_many"), Some(&Note::new("kinds.too_many").with("rows", 44)));
    assert_eq!(note(&raw, "platforms.too_many"), Some(&Note::new("platforms.too_many").with("rows", 1)));
}

#[test]
fn the_first_domain_that_is_given_counts() {
    let columns = ["user", "item", "time", "code domain", "id domain"];
    let raw = read(plan(&columns), "u,a,1,tea,7\nu,b,2,,8\nu,c,3,NULL,\nu,a,4,cup,7\n").unwrap();
    assert_eq!(events(&raw), ["u a tea purchase 1", "u b 8 purchase 2", "u c - purchase 3", "u a cup purchase 4"]);
}

#[test]
fn where_no_column_is_the_item_the_domain_stands_in() {
    let raw = read(plan(&["user", "domain", "time"]), "u,tea,1\nu,,2\n").unwrap();
    assert_eq!(
        (events(&raw), rejected(&raw)),
        (vec!["u tea tea purchase 1".to_owned()], vec!["missing_item 2 2".to_owned()])
    );
}

fn jsonl(columns: &[&str]) -> FilePlan {
    FilePlan { format: Format::Jsonl, delimiter: String::new(), ..plan(columns) }
}

#[test]
fn json_lines_are_flattened() {
    let columns = ["who.id user", "what item", "when time", "tags[] domain"];
    let text = concat!(
        r#"{"who": {"id": 17, "x": [1]}, "what": "a\"é", "when": 10, "tags": [null, "tea", "cup"], "more": {"a": [[]]}}"#,
        "\r\n\n",
        r#"{"when": 20.5, "tags": [], "what": true, "who.id": "u2"}"#,
        "\n",
    );
    let raw = read(jsonl(&columns), text).unwrap();
    assert_eq!(events(&raw), ["17 a\"é tea purchase 10", "u2 true - purchase 20"]);
}

#[test]
fn each_element_of_a_list_of_items_is_an_event() {
    let columns = [
        "user_pseudo_id user",
        "event_params[].key ignore",
        "event_name kind",
        "t time",
        "items[].item_id item",
        "items[].c domain",
    ];
    let text = concat!(
        r#"{"t": 1, "items": [{"item_id": "a", "c": "x"}, {"item_id": "b", "c": null}, {}], "event_name": "purchase", "user_pseudo_id": "u", "event_params": [{"key": "k"}, {"key": "l"}]}"#,
        "\n",
        r#"{"user_pseudo_id": "u", "event_name": "page_view", "t": 2, "items": []}"#,
        "\n",
        r#"{"user_pseudo_id": "v", "event_name": "view_item", "t": 3, "items": [{"item_id": "b"}]}"#,
    );
    let raw = read(jsonl(&columns), text).unwrap();
    assert_eq!(events(&raw), ["u a x purchase 1", "u b - purchase 1", "v b - view 3"]);
    assert_eq!(rejected(&raw), ["missing_item 1 5", "missing_item 2 5"]);
    assert_eq!((counts(&raw, 0), raw.row_of(2)), ((5, 3, 2), (0, 4)));
    assert_ne!(raw.fingerprints[0], raw.fingerprints[1]);
}
