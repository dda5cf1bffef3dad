//! The session as the worker drives it, in a browser's worker: from bytes to a forecast, and what happens in between.
#![cfg(target_arch = "wasm32")]

use driftscope_web::{Host, Session};
use js_sys::{JSON, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen(inline_js = "
export function host(cancelled) {
  return { progress() {}, checkpoint() {}, isCancelled: () => cancelled, seconds: () => performance.now() / 1000, pause: () => Promise.resolve() };
}")]
extern "C" {
    fn host(cancelled: bool) -> Host;
}

fn object(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| Reflect::get(&value, &name.into()).unwrap())
}

fn number(value: &JsValue, path: &str) -> f64 {
    get(value, path).as_f64().unwrap_or(f64::NAN)
}

/// Forty users who each day take two domains in turn.
fn csv() -> String {
    let mut text = String::from("user_id,item_id,category,event_type,timestamp\n");
    for day in 0..20 {
        for user in 0..40 {
            for n in 0..6 {
                let domain = (user + (day % 2) * 5) % 10;
                let time = 1_704_067_200 + day * 86_400 + n * 3_600;
                text += &format!("u{user},i{domain}-{n},d{domain},view,{time}\n");
            }
        }
    }
    text
}

/// Reads `text` as the worker does, in pieces, which break off inside of characters.
async fn load(session: &mut Session, text: impl AsRef<[u8]>) -> Result<JsValue, JsValue> {
    let bytes = text.as_ref();
    let inspection = session.inspect("log.csv", "none".into(), bytes, true, JsValue::NULL)?;
    session.begin_load();
    session.begin_file(get(&inspection, "plan"))?;
    for piece in bytes.chunks(999) {
        session.push(piece)?;
    }
    session.end_file()?;
    session.finish_load(object("{}"), host(false)).await
}

#[wasm_bindgen_test]
async fn a_log_is_read_trained_on_and_forecast() {
    let mut session = Session::new();
    let text = csv() + ",i0,d0,view,1704067200\nu1,i0,d0,view,yesterday\n";
    let report = load(&mut session, &text).await.unwrap();
    assert_eq!((number(&report, "rowsRead"), number(&report, "rowsAccepted")), (4_802.0, 4_800.0));
    assert_eq!((number(&report, "summary.users"), number(&report, "summary.domains")), (40.0, 10.0));

    let header = String::from_utf8(session.begin_rejected().unwrap()).unwrap();
    let inspection = session.inspect("log.csv", "none".into(), text.as_bytes(), true, JsValue::NULL).unwrap();
    session.begin_rejected_file(get(&inspection, "plan")).unwrap();
    let mut rejected = session.push_rejected(text.as_bytes()).unwrap();
    rejected.extend(session.end_rejected_file().unwrap());
    let rejected = header + &String::from_utf8(rejected).unwrap();
    let lines: Vec<&str> = rejected.lines().collect();
    assert_eq!(lines.len(), 3, "{rejected}");
    assert!(
        lines[1].starts_with("\"log.csv\",4802,missing_user,") && lines[2].starts_with("\"log.csv\",4803,bad_time,")
    );

    let train = r#"{"window":{"length":"day","timeZone":"UTC"},"models":["dnn"],"seed":1,"epochs":2}"#;
    let report = session.train(object(train), None, host(false)).await.unwrap();
    assert_eq!(number(&report, "models.length"), 4.0);
    let forecast = session.forecast(object(r#"{"kind":"everyone"}"#), JsValue::NULL, host(false)).await.unwrap();
    assert_eq!((number(&forecast, "users"), number(&forecast, "domains.length")), (40.0, 10.0));

    let mut other = Session::new();
    other.restore(&session.snapshot().unwrap()).unwrap();
    let again = other.forecast(object(r#"{"kind":"everyone"}"#), JsValue::NULL, host(false)).await.unwrap();
    assert_eq!(JSON::stringify(&again).unwrap(), JSON::stringify(&forecast).unwrap());
    let error = other.clean(object("{}"), host(false)).await.unwrap_err();
    assert_eq!(get(&error, "code"), "state");
}

#[wasm_bindgen_test]
async fn what_fails_or_is_cancelled_leaves_the_session_as_it_was() {
    let mut session = Session::new();
    load(&mut session, &csv()).await.unwrap();
    let before = session.snapshot().unwrap();

    let error = load(&mut session, "user,item,time\nu1,i1,never\n").await.unwrap_err();
    assert_eq!((get(&error, "code"), get(&error, "detail.place.file")), ("columns".into(), "log.csv".into()));
    let cancelled = session.clean(object(r#"{"minEventsPerUser":2}"#), host(true)).await.unwrap_err();
    assert_eq!(get(&cancelled, "code"), "cancelled");
    let cancelled = session.load_sample(object(r#"{"users":50,"days":20,"seed":1}"#), host(true)).await.unwrap_err();
    assert_eq!(get(&cancelled, "code"), "cancelled");
    assert_eq!(session.snapshot().unwrap(), before);

    let none = session.clean(object(r#"{"timeRange":[0,1]}"#), host(false)).await.unwrap_err();
    assert_eq!(get(&none, "code"), "not_enough");
    assert_eq!(session.snapshot().unwrap(), before);
}

#[wasm_bindgen_test]
async fn the_sample_is_cleaned_of_its_bots() {
    let mut session = Session::new();
    let sample = object(r#"{"users":400,"days":60,"seed":3}"#);
    let report = session.load_sample(sample, host(false)).await.unwrap();
    let rules: Vec<JsValue> = js_sys::Array::from(&get(&report, "rules")).to_vec();
    let bots = rules.iter().find(|rule| get(rule, "rule") == "bot_rate").unwrap();
    assert!(number(bots, "touched") > 0.0);
    assert_eq!(number(&report, "rowsAccepted") + number(&report, "rowsRejected"), number(&report, "rowsRead"));

    session.begin_rejected().unwrap();
    let lines = session.rejected_events().unwrap().iter().filter(|&&byte| byte == b'\n').count();
    assert_eq!(lines as f64, number(&report, "rowsRejected"));

    let off = session.clean(object(r#"{"rules":{"bot_rate":false}}"#), host(false)).await.unwrap();
    assert!(number(&off, "rowsAccepted") > number(&report, "rowsAccepted"));
}

/// Natively `encoding_rs` decodes, here the browser: both must read the same.
#[wasm_bindgen_test]
async fn texts_in_other_encodings_are_decoded_by_the_browser() {
    // 用户, 商品 and 类 in GB18030.
    let (user, item, domain) = (b"\xd3\xc3\xbb\xa7", b"\xc9\xcc\xc6\xb7", b"\xc0\xe0");
    let header = "user_id,item_id,category,timestamp\n";
    let (mut text, mut gb) = (header.to_owned(), header.as_bytes().to_vec());
    for row in 0..300 {
        let (n, time) = (row % 7, 1_704_067_200 + row * 3_600);
        text += &format!("用户{n},商品{row},类{n},{time}\n");
        let (user_end, item_end, end) = (format!("{n},"), format!("{row},"), format!("{n},{time}\n"));
        let parts: [&[u8]; 6] = [user, user_end.as_bytes(), item, item_end.as_bytes(), domain, end.as_bytes()];
        gb.extend_from_slice(&parts.concat());
    }
    // Lost bytes cost their row and no other.
    let lost = [&gb[..], b"\xff\xff,\xc9\xcc,\xc0\xe0,1704067200\n"].concat();
    let wide = |big: bool| -> Vec<u8> {
        ["\u{feff}", text.as_str()]
            .concat()
            .encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    let mut expected = Session::new();
    load(&mut expected, &text).await.unwrap();
    for (bytes, rejected) in [(gb, 0.0), (lost, 1.0), (wide(false), 0.0), (wide(true), 0.0)] {
        let mut session = Session::new();
        let report = load(&mut session, &bytes).await.unwrap();
        assert_eq!((number(&report, "rowsAccepted"), number(&report, "rowsRejected")), (300.0, rejected));
        let users = |session: &Session| JSON::stringify(&session.users(String::new(), 0, 10).unwrap()).unwrap();
        assert_eq!(users(&session), users(&expected));
    }
}

/// The same day's events of the same users, a day later.
fn next_day() -> String {
    let day =
        csv().lines().filter(|line| line.ends_with("1704067200")).map(str::to_owned).collect::<Vec<_>>().join("\n");
    format!("user_id,item_id,category,event_type,timestamp\n{}\n", day.replace("1704067200", "1705795200"))
}

async fn update(session: &mut Session) -> Result<JsValue, JsValue> {
    let text = next_day();
    let inspection = session.inspect("more.csv", "none".into(), text.as_bytes(), true, JsValue::NULL)?;
    session.begin_load();
    session.begin_file(get(&inspection, "plan"))?;
    session.push(text.as_bytes())?;
    session.end_file()?;
    session.finish_update(object("{}"), false, host(false)).await
}

#[wasm_bindgen_test]
async fn pseudonyms_hold_for_what_comes_later_and_survive_a_snapshot() {
    let mut session = Session::new();
    load(&mut session, csv()).await.unwrap();
    let key = session.pseudonymise(None).unwrap();
    let names = |session: &Session| {
        let rows = get(&session.users(String::new(), 0, 100).unwrap(), "rows");
        js_sys::Array::from(&rows).iter().map(|row| get(&row, "name").as_string().unwrap()).collect::<Vec<_>>()
    };
    let before = names(&session);
    assert!(before.len() == 40 && before.iter().all(|name| name.len() == 32), "{before:?}");
    assert!(session.pseudonymise(None).is_err() && session.begin_rejected().is_err());
    update(&mut session).await.unwrap();
    let mut after = names(&session);
    let mut sorted = before.clone();
    after.sort();
    sorted.sort();
    assert_eq!(after, sorted);

    let bytes = session.snapshot().unwrap();
    assert!(!bytes.windows(key.len()).any(|part| part == key));
    let mut restored = Session::new();
    restored.restore(&bytes).unwrap();
    let refused = update(&mut restored).await.unwrap_err();
    assert!(get(&refused, "message").as_string().unwrap().contains("key"), "{refused:?}");
    restored.pseudonymise(Some(key)).unwrap();
    update(&mut restored).await.unwrap();
    assert_eq!(number(&restored.users(String::new(), 0, 1).unwrap(), "total"), 40.0);
}

#[wasm_bindgen_test]
async fn a_budget_is_spent_once_and_goes_along() {
    let mut session = Session::new();
    load(&mut session, csv()).await.unwrap();
    let everyone = || object(r#"{"kind":"everyone"}"#);
    let options = || object(r#"{"window":{"length":"week","timeZone":"UTC"},"halfLife":null,"weighKinds":false}"#);
    let release = || object(r#"{"loss":{"epsilon":0.6,"delta":0},"cellsPerUser":2,"secretDomains":false}"#);
    assert!(session.private_evolution(everyone(), options(), release()).is_err());
    session.set_privacy_budget(object(r#"{"epsilon":1,"delta":0}"#)).unwrap();
    let released = session.private_evolution(everyone(), options(), release()).unwrap();
    assert_eq!(get(&released, "users").dyn_into::<js_sys::Float64Array>().unwrap().length(), 30);
    let mut restored = Session::new();
    restored.restore(&session.snapshot().unwrap()).unwrap();
    restored.adopt_privacy_ledger(&session.privacy_ledger().unwrap()).unwrap();
    for session in [&mut session, &mut restored] {
        assert_eq!(number(&session.privacy_account().unwrap(), "spent"), 0.6);
        assert!(session.private_evolution(everyone(), options(), release()).is_err());
        assert!(session.set_privacy_budget(object(r#"{"epsilon":9,"delta":0}"#)).is_err());
    }
    let shown =
        session.anonymous_evolution(everyone(), options(), 5, object(r#"{"rows":true,"columns":true}"#)).unwrap();
    assert_eq!(get(&shown, "events").dyn_into::<js_sys::Float64Array>().unwrap().length(), 30);
}
