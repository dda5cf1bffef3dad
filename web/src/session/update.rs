//! New events into the session: the log goes on, and trained models with it.

use driftscope::{
    Error,
    evaluation::{self, UpdateReport},
    ingest::CleaningOptions,
    interest::{self, LogSummary},
    training::online::UpdateOptions,
};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{Report, Session, loading};
use crate::{
    host::Host,
    value::{OrThrow, from_js, to_js},
};

/// `UpdateReport` of the page's types: what came in, what became of its rows, and what the log holds now.
#[derive(Serialize)]
struct Updated {
    #[serde(flatten)]
    update: UpdateReport,
    quality: Report,
    summary: LogSummary,
}

#[wasm_bindgen]
impl Session {
    /// Cleans what was read since [`Session::begin_load`], adds it to the log and, where `learn` says so, goes on with
    /// the trained models (`evaluation::update`). Where that fails or is cancelled, the session stays as it was. What
    /// the log was cleaned from is let go: it can't be cleaned again.
    #[wasm_bindgen(js_name = finishUpdate)]
    pub async fn finish_update(&mut self, cleaning: JsValue, learn: bool, host: Host) -> Result<JsValue, JsValue> {
        let options: CleaningOptions = from_js("cleaning", cleaning)?;
        let loader = self.loader.take().ok_or_else(loading::not_reading).or_throw()?;
        let raw = loader.finish().or_throw()?;
        let (cleaned, derived) = loading::clean(&raw, &options, &host).await.or_throw()?;
        let named = self.names.apply(cleaned.log).or_throw()?;
        let models = self.models.as_ref().filter(|_| learn);
        let updated = evaluation::update(self.log()?, &named, models, &UpdateOptions::default(), &mut &host).await;
        let updated = updated.or_throw()?;
        let Some(report) = &mut self.report else {
            return Err(Error::State { hint: "no log is loaded: load one first".into() }).or_throw();
        };
        let quality = Report::new(cleaned.report, interest::summary(&named, derived));
        let summary = interest::summary(&updated.log, report.derived());
        let value = to_js(&Updated { update: updated.report, quality, summary: summary.clone() })?;
        report.set_summary(summary);
        self.log = Some(updated.log);
        self.models = updated.models;
        self.next_item_models = None;
        self.source = None;
        Ok(value)
    }
}
