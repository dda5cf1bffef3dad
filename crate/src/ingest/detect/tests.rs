//! Each known shape on a small file of it, files of no known shape, and what cannot be read.

use std::{io::Write, path::PathBuf};

use proptest::prelude::*;

use super::inspect;
use crate::{
    Error, Result,
    ingest::{
        ColumnPlan, Compression, Encoding, FileInspection, FilePlan, FilePlanPatch, Format, Loader, Preset, RawLog,
        Role, TableKind, TimeFormat,
    },
};

fn look(name: &str, text: &str) -> FileInspection {
    inspect(name, Compression::None, text.as_bytes(), true, &FilePlanPatch::default()).unwrap()
}

fn roles(plan: &FilePlan) -> Vec<Role> {
    plan.columns.iter().map(|column| column.role).collect()
}

/// The columns that are read, as `name=role` in order.
fn read_columns(plan: &FilePlan) -> String {
    let read = plan.columns.iter().filter(|column| column.role != Role::Ignore);
    read.map(|ColumnPlan { name, role }| format!("{name}={role:?}")).collect::<Vec<_>>().join(" ")
}

/// Reads the files as they are recognised.
fn load(files: &[(&str, &str)]) -> RawLog {
    let mut loader = Loader::new();
    for (name, text) in files {
        loader.begin(look(name, text).plan).unwrap();
        loader.push(text.as_bytes()).unwrap();
        loader.end().unwrap();
    }
    loader.finish().unwrap()
}

/// Domain of the item of each event.
fn domains(raw: &RawLog) -> Vec<String> {
    raw.log.iter().map(|event| raw.log.domains.name(raw.log.domain_of(&event)).to_owned()).collect()
}

#[test]
fn taobao_user_behavior_has_no_header() {
    let text = "1,2268318,2520377,pv,1511544070\n1,2333346,2520771,cart,1511561733\n2,2576651,149192,fav,1511572885\n\
                2,3830808,4181361,buy,1511593493\n";
    let FileInspection { plan, preview, kinds, rows_seen, .. } = look("UserBehavior.csv", text);
    assert_eq!((plan.preset, plan.table, plan.has_header), (Preset::Taobao, TableKind::Events, false));
    assert_eq!(read_columns(&plan), "user_id=User item_id=Item category_id=Domain behavior_type=Kind timestamp=Time");
    assert_eq!((plan.time_format, plan.time_zone.as_str()), (TimeFormat::Seconds, "Asia/Shanghai"));
    assert_eq!((preview.len(), rows_seen, kinds.len()), (4, 4, 4));
    assert_eq!(kinds.iter().find(|word| word.word == "fav").unwrap().kind.as_deref(), Some("favourite"));
    let raw = load(&[("UserBehavior.csv", text)]);
    assert_eq!((raw.log.len(), raw.log.users.len(), raw.log.kinds.len()), (4, 2, 4));
}

#[test]
fn complete_journey_is_transactions_and_products() {
    let transactions = "household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,\
        coupon_match_disc,week,transaction_timestamp\n900,330,31198570044,1095275,1,0.5,0,0,0,1,2017-01-01 11:53:26\n\
        901,330,31198570047,9878513,1,0.99,0.1,0,0,1,2017-01-01T12:10:28Z\n";
    let products = "product_id,manufacturer_id,department,brand,product_category,product_type,package_size\n\
        1095275,2,GROCERY,National,BREAD,ROLLS,12 OZ\n9878513,69,MISCELLANEOUS,Private,,,\n";
    let plan = look("transactions.csv", transactions).plan;
    assert_eq!((plan.preset, plan.default_kind.as_str()), (Preset::CompleteJourney, "purchase"));
    assert_eq!(read_columns(&plan), "household_id=User product_id=Item transaction_timestamp=Time");
    assert_eq!(plan.time_format, TimeFormat::Text);
    let plan = look("products.csv", products).plan;
    assert_eq!((plan.preset, plan.table), (Preset::CompleteJourney, TableKind::Items));
    assert_eq!(read_columns(&plan), "product_id=Item product_category=Domain product_type=Title");
    let raw = load(&[("products.csv", products), ("transactions.csv", transactions)]);
    assert_eq!(domains(&raw), ["BREAD", ""]);
    assert_eq!(raw.log.items.title(0), Some("ROLLS"));
    let other = look("demographics.csv", "household_id,age,income\n1,65+,35-49K\n1001,45-54,50-74K\n");
    assert_eq!((other.plan.table, other.notes[0].code.as_str()), (TableKind::Ignore, "plan.no_table"));
}

#[test]
fn rees46_prefers_the_speaking_category() {
    let text = "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n\
        2019-10-01 00:00:00 UTC,view,44600062,2103807459595387724,,shiseido,35.79,541312140,72d76fde\n\
        2019-10-01 00:00:01 UTC,cart,3900821,2053013552326770905,appliances.water_heater,aqua,33.20,554748717,9333dfbd\n";
    let plan = look("2019-Oct.csv", text).plan;
    assert_eq!((plan.preset, plan.time_format), (Preset::Rees46, TimeFormat::Text));
    assert_eq!(
        read_columns(&plan),
        "event_time=Time event_type=Kind product_id=Item category_id=Domain category_code=Domain user_id=User"
    );
    let raw = load(&[("2019-Oct.csv", text)]);
    assert_eq!(domains(&raw), ["2103807459595387724", "appliances.water_heater"]);
    assert_eq!(raw.log.times(), [1_569_888_000, 1_569_888_001]);
}

#[test]
fn retail_rocket_joins_the_latest_category() {
    let events = "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n\
        1433224214164,992329,addtocart,248676,\n1433221999827,111016,transaction,318965,3556\n";
    let properties = "timestamp,itemid,property,value\n1431226800000,355908,categoryid,1338\n\
        1433041200000,355908,categoryid,1400\n1433041200000,248676,790,n720.000\n";
    let plan = look("events.csv", events).plan;
    assert_eq!((plan.preset, plan.time_format), (Preset::RetailRocket, TimeFormat::Milliseconds));
    let plan = look("item_properties_part1.csv", properties).plan;
    assert_eq!((plan.preset, plan.table), (Preset::RetailRocket, TableKind::Items));
    let raw = load(&[("events.csv", events), ("item_properties_part1.csv", properties)]);
    assert_eq!(domains(&raw), ["1400", "", ""]);
    let tree = look("category_tree.csv", "categoryid,parentid\n1016,213\n809,169\n");
    assert_eq!((tree.plan.table, tree.notes[0].code.as_str()), (TableKind::Ignore, "plan.side_table"));
}

#[test]
fn ga4_gives_an_event_for_each_item() {
    let text = r#"{"event_date":"20210131","event_timestamp":"1612069510766593","event_name":"view_item","user_pseudo_id":"1.2","platform":"WEB","items":[{"item_id":"a","item_name":"Cap","item_category":"Hats"},{"item_id":"b","item_name":"Tee","item_category":"Shirts"}]}
{"event_date":"20210131","event_timestamp":"1612069510766594","event_name":"purchase","user_pseudo_id":"3.4","platform":"WEB","items":[{"item_id":"a","item_name":"Cap","item_category":"Hats"}]}
{"event_date":"20210131","event_timestamp":"1612069510766595","event_name":"page_view","user_pseudo_id":"3.4","platform":"IOS","items":[]}
"#;
    let found = look("events.jsonl", text);
    assert_eq!((found.plan.preset, found.plan.format), (Preset::Ga4, Format::Jsonl));
    assert_eq!(found.plan.time_format, TimeFormat::Microseconds);
    assert_eq!(
        read_columns(&found.plan),
        "event_timestamp=Time event_name=Kind user_pseudo_id=User platform=Platform items[].item_id=Item \
         items[].item_name=Title items[].item_category=Domain"
    );
    assert_eq!((found.preview.len(), found.rows_seen), (4, 4));
    let raw = load(&[("events.jsonl", text)]);
    assert_eq!(domains(&raw), ["Hats", "Shirts", "Hats"]);
    assert_eq!(raw.log.platforms.iter().collect::<Vec<_>>(), ["", "WEB"]);
}

#[test]
fn amazon_reviews_of_both_generations() {
    let old = r#"{"reviewerID": "A2SUAM1J3GNN3B", "asin": "0000013714", "helpful": [0, 0], "reviewText": "Fine.", "overall": 5.0, "unixReviewTime": 1252800000, "reviewTime": "09 13, 2009"}"#;
    let plan = look("reviews.json", old).plan;
    assert_eq!((plan.preset, plan.default_kind.as_str()), (Preset::AmazonReviews, "rating"));
    assert_eq!(read_columns(&plan), "reviewerID=User asin=Item unixReviewTime=Time");
    let new = r#"{"rating": 4.0, "title": "Nice", "text": "x", "images": [], "asin": "B1", "parent_asin": "B0", "user_id": "AE2", "timestamp": 1588687728923, "verified_purchase": true}"#;
    let plan = look("Books.jsonl", new).plan;
    assert_eq!(read_columns(&plan), "parent_asin=Item user_id=User timestamp=Time");
    assert_eq!((plan.preset, plan.time_format), (Preset::AmazonReviews, TimeFormat::Milliseconds));
    let meta = r#"{"main_category": "Books", "title": "A book", "average_rating": 4.5, "parent_asin": "B0", "categories": ["Books", "History"]}"#;
    let raw = load(&[("meta_Books.jsonl", meta), ("Books.jsonl", new)]);
    assert_eq!((domains(&raw), raw.log.items.title(0)), (vec!["Books".to_owned()], Some("A book")));
}

#[test]
fn movielens_of_both_kinds() {
    let ratings = "1::1193::5::978300760\n1::661::3::978302109\n2::1193::4::978298413\n";
    let movies =
        "1193::One Flew Over the Cuckoo's Nest (1975)::Drama\n661::James (1996)::Animation|Children's|Musical\n";
    let plan = look("ratings.dat", ratings).plan;
    assert_eq!((plan.preset, plan.delimiter.as_str()), (Preset::MovieLens, "::"));
    assert_eq!(roles(&plan), [Role::User, Role::Item, Role::Ignore, Role::Time]);
    let raw = load(&[("ratings.dat", ratings), ("movies.dat", movies)]);
    assert_eq!(domains(&raw), ["Drama", "Animation", "Drama"]);
    let users = look("users.dat", "1::F::1::10::48067\n2::M::56::16::70072\n").plan;
    assert_eq!((users.preset, users.table), (Preset::MovieLens, TableKind::Ignore));

    let ratings = "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n";
    let movies =
        "movieId,title,genres\n31,Dangerous Minds (1995),Drama\n1029,\"Dumbo, the (1941)\",Animation|Children\n";
    let raw = load(&[("movies.csv", movies), ("ratings.csv", ratings)]);
    assert_eq!(domains(&raw), ["Drama", "Animation"]);
    assert_eq!(look("movies.csv", movies).plan.preset, Preset::MovieLens);
}

#[test]
fn a_general_log_is_recognised_by_its_names() {
    let chinese = "用户ID;商品编号;类目;行为;时间;金额\n张三;A1;女装;浏览;2024/5/1 10:00;1,5\n李四;B2;图书;购买;2024/5/2 9:30;2,0\n";
    let found = look("日志.csv", chinese);
    assert_eq!((found.plan.preset, found.plan.delimiter.as_str()), (Preset::Generic, ";"));
    assert_eq!(read_columns(&found.plan), "用户ID=User 商品编号=Item 类目=Domain 行为=Kind 时间=Time");
    assert_eq!(found.columns[4].parsed, 2);
    let sessions =
        look("clicks.tsv", "SessionId\tItemId\tTime\n3\t214716935\t1396437466.94\n4\t214832672\t1396438212.3\n");
    assert_eq!(read_columns(&sessions.plan), "SessionId=User ItemId=Item Time=Time");
    let edges = look("trust.csv", "user,trusts\n1,2\n1,3\n").plan;
    assert_eq!((edges.table, roles(&edges)), (TableKind::Edges, vec![Role::User, Role::Friend]));
    let orders =
        look("orders.csv", "InvoiceNo,StockCode,Quantity,InvoiceDate,CustomerID\n1,8A,6,2010-12-01 08:26,17850\n");
    assert_eq!((orders.plan.table, orders.plan.default_kind.as_str()), (TableKind::Events, "purchase"));
    let no_time = look("listens.csv", "user,artist,listens\n1,46,13883\n1,47,11690\n");
    assert_eq!((no_time.plan.table, no_time.notes[0].code.as_str()), (TableKind::Ignore, "plan.no_time"));
}

#[test]
fn without_a_header_the_content_tells() {
    let text = "196\t242\t3\t881250949\n186\t302\t3\t891717742\n196\t377\t1\t878887116\n";
    let found = look("u.data", text);
    assert_eq!(roles(&found.plan), [Role::User, Role::Item, Role::Ignore, Role::Time]);
    assert!(!found.plan.has_header && found.notes.iter().any(|note| note.code == "plan.no_header"));
    assert_eq!(found.plan.columns[0].name, "column 1");
}

#[test]
fn what_a_person_sets_is_kept_and_counted() {
    let text = "a,b,c\nx,1511544070,y\nx,1511544071,z\n";
    let patch = |json: &str| serde_json::from_str::<FilePlanPatch>(json).unwrap();
    let with = |json: &str| inspect("f.csv", Compression::None, text.as_bytes(), true, &patch(json)).unwrap();
    let columns = r#""columns":[{"name":"a","role":"user"},{"name":"b","role":"item"},{"name":"c","role":"time"}]"#;
    let wrong = with(&format!("{{{columns},\"timeFormat\":\"text\"}}"));
    assert_eq!((wrong.plan.table, wrong.columns[2].parsed, wrong.rows_seen), (TableKind::Events, 0, 2));
    let note = wrong.notes.iter().find(|note| note.code == "plan.times_do_not_parse").unwrap();
    assert_eq!(note.values.len(), 2);
    let headless = with(r#"{"hasHeader":false,"timeZone":"Asia/Tokyo","defaultKind":"cart"}"#);
    assert_eq!((headless.rows_seen, headless.plan.time_zone.as_str()), (3, "Asia/Tokyo"));
    assert_eq!(headless.plan.default_kind, "cart");
    let one = with(r#"{"delimiter":";"}"#);
    assert_eq!((one.plan.columns.len(), one.notes.last().unwrap().code.as_str()), (1, "plan.one_column"));
    let forced = with(r#"{"table":"items","preset":"movielens"}"#);
    assert_eq!((forced.plan.table, forced.plan.preset), (TableKind::Items, Preset::MovieLens));
    let zone = inspect("f.csv", Compression::None, text.as_bytes(), true, &patch(r#"{"timeZone":"Nowhere"}"#));
    assert!(matches!(zone, Err(Error::Parameter { .. })));
}

#[test]
fn gzip_and_encodings_are_seen_through() {
    let text = "用户,商品,类目,时间\n张三,甲,女装,2024-05-01\n李四,乙,图书,2024-05-02\n".repeat(3);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&encoding_rs::GB18030.encode(&text).0).unwrap();
    let bytes = gzip.finish().unwrap();
    let found = inspect("a.csv.gz", Compression::None, &bytes, true, &FilePlanPatch::default()).unwrap();
    assert_eq!((found.plan.compression, found.plan.encoding), (Compression::Gzip, Encoding::Gb18030));
    assert_eq!(found.preview[0], ["张三", "甲", "女装", "2024-05-01"]);
    // A head of a gzip file breaks off inside it.
    let half = inspect("a.csv.gz", Compression::None, &bytes[..bytes.len() - 9], false, &FilePlanPatch::default());
    assert_eq!(half.unwrap().plan, found.plan);
}

#[test]
fn lines_may_end_in_carriage_returns_alone() {
    let text = "user,item,time\ru1,a,1511544070\ru2,b,1511544071\r";
    assert_eq!((look("mac.csv", text).rows_seen, load(&[("mac.csv", text)]).log.len()), (2, 2));
}

#[test]
fn what_cannot_be_read_says_why() {
    let try_it = |bytes: &[u8]| inspect("f", Compression::None, bytes, true, &FilePlanPatch::default()).unwrap_err();
    assert!(matches!(try_it(b""), Error::Empty { .. }));
    assert!(matches!(try_it(b"user,item,time\n"), Error::Empty { .. }));
    assert!(matches!(try_it(b"\n\n"), Error::Empty { .. }));
    assert!(matches!(try_it(b"\x1f\x8b\x08\0\0\0"), Error::Damaged { .. }));
    let nothing = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0";
    assert!(matches!(try_it(nothing), Error::Empty { .. }));
    for (bytes, word) in
        [(&b"\x89PNG\r\n\x1a\n\0\0"[..], "PNG"), (b"PAR1\x15\x04\x15\0", "Parquet"), (b"[{\"a\":1}]", "JSON")]
    {
        let error = try_it(bytes);
        assert!(matches!(&error, Error::Unreadable { hint, .. } if hint.contains(word)), "{error}");
    }
    let noise: Vec<u8> = (0..5000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8 & 0x1f).collect();
    assert!(matches!(try_it(&noise), Error::Unreadable { .. }));
}

#[test]
fn real_logs_are_recognised() {
    let root = std::env::var_os("DRIFTSCOPE_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    if !root.is_dir() {
        println!("skipped: no real logs in {}", root.display());
        return;
    }
    use TableKind::{Edges, Events, Ignore, Items};
    for (file, preset, table, columns) in [
        (
            "taobao_userbehavior/events.csv.gz",
            Preset::Taobao,
            Events,
            "user=User item=Item category=Domain behavior=Kind timestamp=Time",
        ),
        (
            "complete_journey/transactions_q1.csv.gz",
            Preset::CompleteJourney,
            Events,
            "household_id=User product_id=Item timestamp=Time",
        ),
        (
            "complete_journey/products.csv.gz",
            Preset::CompleteJourney,
            Items,
            "product_id=Item product_category=Domain product_type=Title",
        ),
        ("complete_journey/demographics.csv", Preset::Generic, Ignore, "household_id=User"),
        ("complete_journey/campaign_descriptions.csv", Preset::Generic, Ignore, ""),
        ("complete_journey/campaigns.csv", Preset::Generic, Ignore, "household_id=User"),
        ("complete_journey/coupons.csv.gz", Preset::Generic, Ignore, "product_id=Item"),
        ("complete_journey/coupon_redemptions.csv", Preset::Generic, Ignore, "household_id=User"),
        ("ciao/ratings.csv.gz", Preset::Generic, Events, "user=User item=Item category=Domain timestamp=Time"),
        ("ciao/trust.csv.gz", Preset::Generic, Edges, "user=User trusts=Friend"),
        ("lastfm_hetrec/user_friend.csv.gz", Preset::Generic, Edges, "user=User friend=Friend"),
        ("lastfm_hetrec/user_artist.csv.gz", Preset::Generic, Ignore, "user=User artist=Item"),
        ("lastfm_hetrec/sequences.txt.gz", Preset::Generic, Ignore, ""),
        ("yoochoose_100k/train.tsv.gz", Preset::Generic, Events, "SessionId=User ItemId=Item Time=Time"),
    ] {
        let bytes = std::fs::read(root.join(file)).unwrap();
        let head = &bytes[..bytes.len().min(512 << 10)];
        let whole = head.len() == bytes.len();
        let plan = inspect(file, Compression::None, head, whole, &FilePlanPatch::default()).unwrap().plan;
        assert_eq!((plan.preset, plan.table, read_columns(&plan).as_str()), (preset, table, columns), "{file}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, text in "[\\PC\n\t,;|\"{}:]{0,200}", whole: bool) {
        let look = |bytes: &[u8]| -> Result<FileInspection> {
            inspect("f", Compression::None, bytes, whole, &FilePlanPatch::default())
        };
        let _ = (look(&bytes), look(text.as_bytes()), look(&[b"\x1f\x8b\x08", bytes.as_slice()].concat()));
    }

    #[test]
    fn a_shorter_head_says_the_same(rows in 30..60_usize, cut in 0.5..1.0) {
        let mut text = String::from("time,customer,sku,category,action\n");
        for row in 0..rows {
            text += &format!("2024-05-{:02} 10:00:00,c{},s{},\"k, {}\",view\n", 1 + row % 28, row % 7, row % 11, row % 3);
        }
        let length = (text.len() as f64 * cut) as usize;
        let short = inspect("f", Compression::None, &text.as_bytes()[..length], false, &FilePlanPatch::default()).unwrap();
        prop_assert_eq!(short.plan, look("f", &text).plan);
    }
}
