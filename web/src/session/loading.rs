//! Reading files into the session, and cleaning what was read.

use driftscope::{
    Error,
    event::EventKind,
    ingest::{
        self, Cleaned, Cleaner, CleaningOptions, Compression, FilePlan, FilePlanPatch, Loader, MissingDomain, RawLog,
    },
    interest,
};
use wasm_bindgen::prelude::*;

use super::{Report, Session, Source};
use crate::{
    host::Host,
    value::{OrThrow, from_js, to_js},
};

#[wasm_bindgen]
impl Session {
    /// What holds where nothing else is said, the weights of the known kinds included.
    #[wasm_bindgen(js_name = cleaningDefaults)]
    pub fn cleaning_defaults(&self) -> Result<JsValue, JsValue> {
        let kind_weights = EventKind::ALL.map(|kind| (kind.name().to_owned(), kind.default_weight())).into();
        to_js(&CleaningOptions { kind_weights, ..CleaningOptions::default() })
    }

    /// `ingest::inspect`.
    pub fn inspect(
        &self,
        name: &str,
        compression: JsValue,
        head: &[u8],
        whole: bool,
        changed: JsValue,
    ) -> Result<JsValue, JsValue> {
        let compression: Compression = from_js("compression", compression)?;
        let changed: Option<FilePlanPatch> = from_js("changed", changed)?;
        to_js(&ingest::inspect(name, compression, head, whole, &changed.unwrap_or_default()).or_throw()?)
    }

    /// Starts to read; the present log stays until [`Session::finish_load`] succeeds.
    #[wasm_bindgen(js_name = beginLoad)]
    pub fn begin_load(&mut self) {
        self.loader = Some(Loader::new());
    }

    /// Starts a file.
    #[wasm_bindgen(js_name = beginFile)]
    pub fn begin_file(&mut self, plan: JsValue) -> Result<(), JsValue> {
        let plan: FilePlan = from_js("plan", plan)?;
        self.loader()?.begin(plan).or_throw()
    }

    /// Takes the next bytes of the file; gives the rows read so far, of all files.
    pub fn push(&mut self, bytes: &[u8]) -> Result<f64, JsValue> {
        let loader = self.loader()?;
        loader.push(bytes).or_throw()?;
        Ok(loader.rows_read() as f64)
    }

    /// Ends the file.
    #[wasm_bindgen(js_name = endFile)]
    pub fn end_file(&mut self) -> Result<(), JsValue> {
        self.loader()?.end().or_throw()
    }

    /// Cleans what was read and takes it as the session's log; where that fails, the session stays as it was.
    #[wasm_bindgen(js_name = finishLoad)]
    pub async fn finish_load(&mut self, cleaning: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let options: CleaningOptions = from_js("cleaning", cleaning)?;
        let loader = self.loader.take().ok_or_else(not_reading).or_throw()?;
        let raw = loader.finish().or_throw()?;
        self.adopt(raw, &options, &host).await
    }

    /// Forgets what was read since [`Session::begin_load`].
    #[wasm_bindgen(js_name = abortLoad)]
    pub fn abort_load(&mut self) {
        self.loader = None;
    }

    /// Cleans the log again from what was read; trained models go, since they belong to the log as it was.
    pub async fn clean(&mut self, cleaning: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let options: CleaningOptions = from_js("cleaning", cleaning)?;
        let raw = &self.source.as_ref().ok_or_else(|| self.no_source()).or_throw()?.raw;
        let (cleaned, derived) = clean(raw, &options, &host).await.or_throw()?;
        let report = Report::new(cleaned.report, interest::summary(&cleaned.log, derived));
        let value = to_js(&report)?;
        self.log = Some(cleaned.log);
        self.report = Some(report);
        self.models = None;
        self.next_item_models = None;
        if let Some(source) = &mut self.source {
            source.verdicts = cleaned.verdicts;
        }
        Ok(value)
    }
}

impl Session {
    /// Cleans a log that was just read or made, and replaces the session by it.
    pub(super) async fn adopt(
        &mut self,
        raw: RawLog,
        options: &CleaningOptions,
        host: &Host,
    ) -> Result<JsValue, JsValue> {
        let (cleaned, derived) = clean(&raw, options, host).await.or_throw()?;
        let report = Report::new(cleaned.report, interest::summary(&cleaned.log, derived));
        let value = to_js(&report)?;
        let source = Source { raw, verdicts: cleaned.verdicts };
        *self = Session { log: Some(cleaned.log), report: Some(report), source: Some(source), ..Session::default() };
        Ok(value)
    }

    fn loader(&mut self) -> Result<&mut Loader, JsValue> {
        self.loader.as_mut().ok_or_else(not_reading).or_throw()
    }

    /// Why the log cannot be cleaned or its rows be looked at.
    pub(super) fn no_source(&self) -> Error {
        let hint = match self.log {
            Some(_) => {
                "the session came from a snapshot or took in new events, so it holds the clean log only: load all files \
                 again"
            }
            None => "no log is loaded: load one first",
        };
        Error::State { hint: hint.into() }
    }
}

pub(super) fn not_reading() -> Error {
    Error::State { hint: "nothing is being read: begin a load first".into() }
}

/// Cleans, then derives domains where that is asked for; the flag says whether any came of it.
pub(super) async fn clean(raw: &RawLog, options: &CleaningOptions, host: &Host) -> Result<(Cleaned, bool), Error> {
    let mut cleaner = Cleaner::new(raw, options)?;
    loop {
        let more = cleaner.step();
        let (done, total) = cleaner.progress();
        host.report("clean", done as usize, total as usize, "events");
        host.go_on().await?;
        if !more {
            break;
        }
    }
    let mut cleaned = cleaner.finish()?;
    let asked = options.missing_domain_in(&cleaned.log) == Some(MissingDomain::Derive);
    let derived = asked && interest::derive_domains(&mut cleaned.log)?.domains > 0;
    Ok((cleaned, derived))
}
