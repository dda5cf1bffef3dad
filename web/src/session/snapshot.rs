//! The whole session as bytes, and back.
//!
//! Format, little-endian: `DSSN`, version (u32), then five parts, each with its length (u64) in front: the quality report
//! as JSON, the clean log, the trained models and those of the next item (no bytes where there are none), and, as JSON, the
//! privacy account with whether users go by pseudonyms (never their key).

use driftscope::{
    Error,
    evaluation::{Models, next_item::NextItemModels},
    event::Log,
    privacy::Ledger,
};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::{Report, Session, privacy::Names};
use crate::value::{OrThrow, to_js};

const MAGIC: &[u8; 4] = b"DSSN";
const VERSION: u32 = 3;

#[derive(Serialize, Deserialize)]
struct Privacy {
    ledger: Option<Ledger>,
    pseudonyms: bool,
}

#[wasm_bindgen]
impl Session {
    /// The clean log, its report and the trained models. The rows that were rejected are not in it.
    pub fn snapshot(&self) -> Result<Vec<u8>, JsValue> {
        let report = serde_json::to_vec(&self.report).map_err(|error| broken(&error.to_string())).or_throw()?;
        let log = self.log()?.to_bytes();
        let models = self.training()?.unwrap_or_default();
        let next_item_models = self.next_item_training()?.unwrap_or_default();
        let privacy = Privacy { ledger: self.ledger.clone(), pseudonyms: matches!(self.names, Names::Hidden(_)) };
        let privacy = serde_json::to_vec(&privacy).map_err(|error| broken(&error.to_string())).or_throw()?;
        let parts = [report, log, models, next_item_models, privacy];
        let mut out = Vec::with_capacity(8 + parts.iter().map(|part| 8 + part.len()).sum::<usize>());
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        for part in parts {
            out.extend_from_slice(&(part.len() as u64).to_le_bytes());
            out.extend_from_slice(&part);
        }
        Ok(out)
    }

    /// Replaces the session by the one that [`Session::snapshot`] wrote; gives its quality report.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<JsValue, JsValue> {
        let [report, log, models, next_item_models, privacy] = parts(bytes).or_throw()?;
        let report: Option<Report> =
            serde_json::from_slice(report).map_err(|error| broken(&error.to_string())).or_throw()?;
        let log = Log::from_bytes(log).or_throw()?;
        let models = if models.is_empty() { None } else { Some(Models::from_bytes(models).or_throw()?) };
        let next_item_models = match next_item_models {
            [] => None,
            bytes => Some(NextItemModels::from_bytes(bytes).or_throw()?),
        };
        let Privacy { ledger, pseudonyms } =
            serde_json::from_slice(privacy).map_err(|error| broken(&error.to_string())).or_throw()?;
        let names = if pseudonyms { Names::Hidden(None) } else { Names::Plain };
        *self = Session { log: Some(log), report, models, next_item_models, ledger, names, ..Session::default() };
        to_js(&self.report)
    }
}

fn parts(bytes: &[u8]) -> Result<[&[u8]; 5], Error> {
    let Some(rest) = bytes.strip_prefix(MAGIC) else { return Err(broken("it is no session of Driftscope")) };
    let Some(rest) = rest.strip_prefix(&VERSION.to_le_bytes()) else {
        return Err(broken("it was written by another version of Driftscope"));
    };
    let (report, rest) = part(rest)?;
    let (log, rest) = part(rest)?;
    let (models, rest) = part(rest)?;
    let (next_item_models, rest) = part(rest)?;
    let (privacy, rest) = part(rest)?;
    if rest.is_empty() {
        Ok([report, log, models, next_item_models, privacy])
    } else {
        Err(broken("it goes on beyond its end"))
    }
}

fn part(bytes: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let cut_off = || broken("it is cut off");
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or_else(cut_off)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| cut_off())?;
    rest.split_at_checked(length).ok_or_else(cut_off)
}

fn broken(hint: &str) -> Error {
    Error::Checkpoint { hint: hint.to_owned() }
}
