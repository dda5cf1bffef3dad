//! What of the session's log may leave the tab.

use driftscope::{
    Error,
    event::Log,
    privacy::{
        Ledger, PrivacyLoss, PrivateOptions, PseudonymKey, Totals, anonymous_evolution, private_evolution,
        secure_random,
    },
};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{Session, interest::scope_and_options, no_log};
use crate::value::{OrThrow, from_js, to_error, to_js, to_js_with_arrays};

/// A budget and what is left of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivacyAccount {
    /// What may be spent in all.
    pub budget: PrivacyLoss,
    /// ε of what was released.
    pub spent: f64,
    /// Number of releases.
    pub releases: usize,
}

/// Whether users go by their names.
#[derive(Default)]
pub(super) enum Names {
    #[default]
    Plain,
    /// By pseudonyms; the key is missing where the session came from a snapshot, which never holds it.
    Hidden(Option<PseudonymKey>),
}

impl Names {
    /// New events with their users named as those of the session are.
    pub(super) fn apply(&self, log: Log) -> Result<Log, Error> {
        match self {
            Names::Plain => Ok(log),
            Names::Hidden(Some(key)) => key.pseudonymise(&log),
            Names::Hidden(None) => Err(Error::State {
                hint: "the log holds pseudonyms, and new events name people: give the key of the pseudonyms first"
                    .into(),
            }),
        }
    }
}

#[wasm_bindgen]
impl Session {
    /// Replaces the names of users, those of later updates included, by pseudonyms; gives the key, a new one where none is
    /// given. What the log was cleaned from is forgotten, since it holds the names. For a log that was restored with
    /// pseudonyms it only takes the key.
    pub fn pseudonymise(&mut self, key: Option<Vec<u8>>) -> Result<Vec<u8>, JsValue> {
        let state = |hint: &str| to_error(&Error::State { hint: hint.into() });
        let given = key.map(|bytes| PseudonymKey::from_bytes(&bytes)).transpose().or_throw()?;
        let key = match (&self.names, given) {
            (Names::Plain, None) => PseudonymKey::random(&mut secure_random().or_throw()?),
            (Names::Plain | Names::Hidden(None), Some(key)) => key,
            (Names::Hidden(None), None) => return Err(state("the log holds pseudonyms already: give their key")),
            (Names::Hidden(Some(_)), _) => return Err(state("the log holds pseudonyms already")),
        };
        if matches!(self.names, Names::Plain) {
            self.log = Some(key.pseudonymise(self.log()?).or_throw()?);
            self.source = None;
            self.rejected = None;
        }
        let bytes = key.as_bytes().to_vec();
        self.names = Names::Hidden(Some(key));
        Ok(bytes)
    }

    /// `privacy::anonymous_evolution`.
    #[wasm_bindgen(js_name = anonymousEvolution)]
    pub fn anonymous_evolution(
        &self,
        scope: JsValue,
        options: JsValue,
        k: u32,
        totals: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (scope, options) = scope_and_options(scope, options)?;
        let totals: Totals = from_js("totals", totals)?;
        let shown = anonymous_evolution(self.log()?, &scope, &options, k, totals).or_throw()?;
        to_js_with_arrays(&shown, &["windows.bounds", "events", "domainTotals", "windowTotals"])
    }

    /// Sets what may be spent on releases about this log, where nothing was spent yet.
    #[wasm_bindgen(js_name = setPrivacyBudget)]
    pub fn set_privacy_budget(&mut self, budget: JsValue) -> Result<JsValue, JsValue> {
        self.log()?;
        if self.ledger.as_ref().is_some_and(|ledger| ledger.releases() > 0) {
            let hint = "some of the budget was spent already: it holds until another log is loaded".into();
            return Err(to_error(&Error::State { hint }));
        }
        self.ledger = Some(Ledger::new(from_js("budget", budget)?).or_throw()?);
        self.privacy_account()
    }

    /// The budget and what was spent; null before any was set.
    #[wasm_bindgen(js_name = privacyAccount)]
    pub fn privacy_account(&self) -> Result<JsValue, JsValue> {
        to_js(&self.ledger.as_ref().map(|ledger| PrivacyAccount {
            budget: ledger.budget(),
            spent: ledger.spent(),
            releases: ledger.releases(),
        }))
    }

    /// The account as bytes, for [`Session::adopt_privacy_ledger`] of the session that takes this one's place.
    #[wasm_bindgen(js_name = privacyLedger)]
    pub fn privacy_ledger(&self) -> Result<Vec<u8>, JsValue> {
        serde_json::to_vec(&self.ledger).map_err(|error| to_error(&Error::State { hint: error.to_string() }))
    }

    /// Takes over what was spent.
    #[wasm_bindgen(js_name = adoptPrivacyLedger)]
    pub fn adopt_privacy_ledger(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.ledger = serde_json::from_slice(bytes).map_err(|error| {
            to_error(&Error::Checkpoint { hint: format!("its privacy account is damaged: {error}") })
        })?;
        Ok(())
    }

    /// `privacy::private_evolution`, paid from the budget.
    #[wasm_bindgen(js_name = privateEvolution)]
    pub fn private_evolution(
        &mut self,
        scope: JsValue,
        options: JsValue,
        private: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (scope, options) = scope_and_options(scope, options)?;
        let private: PrivateOptions = from_js("private", private)?;
        let unset = || to_error(&Error::State { hint: "no privacy budget is set: set one first".into() });
        let log = self.log.as_ref().ok_or_else(no_log)?;
        let ledger = self.ledger.as_mut().ok_or_else(unset)?;
        let rng = &mut secure_random().or_throw()?;
        let released = private_evolution(log, &scope, &options, &private, ledger, rng).or_throw()?;
        to_js_with_arrays(&released, &["windows.bounds", "users"])
    }
}
