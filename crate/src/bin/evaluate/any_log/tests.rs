use std::{fs, io::Write, path::PathBuf};

use flate2::{Compression, write::GzEncoder};

use super::*;
use crate::{data, options};

/// A folder of its own for a test.
fn folder(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("driftscope-{test}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn options(line: &str) -> LogOptions {
    options::parse(lexopt::Parser::from_args(line.split_ascii_whitespace())).unwrap().unwrap().log
}

/// User, item, domain, kind and time of some events.
fn events() -> Vec<(String, String, String, &'static str, u32)> {
    let event = |n: u32| {
        let kind = if n.is_multiple_of(5) { "buy" } else { "pv" };
        (format!("u{}", n % 4), format!("p{}", n % 9), format!("c{}", n % 3), kind, 1_500_000_000 + n * 7200)
    };
    (0..300).map(event).collect()
}

/// Names, domains, kinds and times in order of the sorted log.
fn content(log: &Log) -> Vec<(String, String, String, String, u32)> {
    log.iter()
        .map(|event| {
            let (user, item) = (log.users.name(event.user), log.items.name(event.item));
            let (domain, kind) = (log.domains.name(log.domain_of(&event)), log.kinds.name(event.kind));
            (user.to_owned(), item.to_owned(), domain.to_owned(), kind.to_owned(), event.time)
        })
        .collect()
}

#[test]
fn one_log_in_many_forms_reads_the_same() {
    let folder = folder("forms");
    let events = events();
    let mut csv = "when;noise;who;what;group;act\n".to_owned();
    let (mut json, mut bare, mut joined) = (String::new(), String::new(), "ts,uid,pid,act\n".to_owned());
    let mut items = "pid,group\n".to_owned();
    for (user, item, domain, kind, time) in &events {
        let iso = jiff::Timestamp::from_second(i64::from(*time)).unwrap();
        csv += &format!("{iso};1.5;{user};{item};{domain};{kind}\n");
        json += &format!(
            "{{\"who\":\"{user}\",\"at\":{}000,\"x\":{{\"id\":\"{item}\"}},\"group\":\"{domain}\",\"act\":\"{kind}\"}}\n",
            time
        );
        bare += &format!("{user}\t{item}\t{domain}\t{kind}\t{time}\n");
        joined += &format!("{time},{user},{item},{kind}\n");
    }
    for n in 0..9 {
        items += &format!("p{n},c{}\n", n % 3);
    }
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("odd.json.log", &json);
    write("bare.tsv", &bare);
    write("joined.csv", &joined);
    write("items.csv", &items);
    let mut packed = GzEncoder::new(fs::File::create(folder.join("odd.csv.gz")).unwrap(), Compression::default());
    packed.write_all(csv.as_bytes()).unwrap();
    packed.finish().unwrap();

    let at = folder.display();
    let forms = [
        format!("--log {at}/odd.csv.gz --columns user=who,item=what,domain=group,kind=act,time=when"),
        format!("--log {at}/odd.json.log --columns user=who,item=x.id,domain=group,kind=act,time=at"),
        format!("--log {at}/bare.tsv --columns user=1,item=2,domain=3,kind=4,time=5"),
        format!(
            "--log {at}/joined.csv --columns user=uid,item=pid,kind=act,time=ts --items {at}/items.csv \
             --item-columns item=pid,domain=group"
        ),
    ];
    let read = |line: &str| read(&options(line), true).unwrap_or_else(|error| panic!("{line}: {error}"));
    let first = read(&forms[0]);
    assert_eq!(first.len(), events.len());
    assert_eq!(content(&first).iter().filter(|own| own.3 == "purchase").count(), 60);
    for line in &forms[1..] {
        assert_eq!(content(&read(line)), content(&first), "{line}");
    }

    // 300 events two hours apart: 25 days, so windows of a week from the first event on are four.
    let windows = data::windows(&first, &options("--window 7d")).unwrap();
    assert_eq!((windows.len(), windows.start(0)), (4, 1_500_000_000));
    assert_eq!(data::windows(&first, &options("--window day")).unwrap().len(), 26);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_cannot_be_read_names_its_place() {
    let folder = folder("places");
    let at = folder.display();
    fs::write(folder.join("log.csv"), "user,item,cat,time\na,b,c,soon\nd,e,f,later\n").unwrap();
    let error = |line: &str| read(&options(line), true).map(|_| ()).unwrap_err().to_string();
    let named = error(&format!("--log {at}/log.csv --columns user=user,item=item,domain=cat,time=time"));
    assert!(named.contains("log.csv, line 2, column 4") && named.contains("bad_time"), "{named}");
    let missing = error(&format!("--log {at}/log.csv --columns user=uid,time=time"));
    assert!(missing.contains("no column uid; there are: user, item, cat, time"), "{missing}");
    assert!(error(&format!("--log {at}/none.csv")).contains("none.csv"));
    fs::remove_dir_all(folder).unwrap();
}
