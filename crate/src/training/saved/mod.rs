//! The one file format of saved models: [safetensors] with a versioned document beside the tensors.
//!
//! In: any value that serde can serialise. Its lists of numbers become tensors, all else a JSON document that refers to
//! them; so a new model needs no new format. Out: the same value, bit for bit, on every engine. `docs/MODEL_FORMAT.md`
//! describes the bytes.
//!
//! [safetensors]: https://github.com/huggingface/safetensors

mod column;
mod numbers;
mod read;
mod vocabulary;
mod write;

use driftscope_kernels::Order;
use std::collections::HashMap;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Error, Result};
use read::Reader;
pub use vocabulary::Vocabulary;
use write::Sink;

/// Version of the format that [`save`] writes and [`load`] reads.
pub const FORMAT_VERSION: u32 = 1;
/// Key of the document in the metadata. There is one entry only, since the order of several would be left to chance.
const KEY: &str = "driftscope";
/// Name of the tensor that holds the CRC-32 of all else.
const CHECKSUM: &str = "checksum";
/// Key of an object that stands for a tensor.
const TENSOR: &str = "$tensor";

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// The fitted models of a log that forecast interests.
    Models,
    /// The fitted models of a log that rank items.
    NextItemModels,
    /// A pair network that knows no log.
    Base,
    /// What fine-tuning changed.
    Delta,
    /// A network's learned numbers alone, which such a change is applied to.
    Network,
    /// What a shop gives to a network that several train together.
    Contribution,
    /// A training under way.
    Checkpoint,
    /// A run of several models under way.
    Run,
}

/// The document of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// [`FORMAT_VERSION`] of the program that wrote it.
    pub format_version: u32,
    /// What it holds.
    pub kind: Kind,
    /// Name and version of the program that wrote it.
    pub created_by: String,
    /// The value; `{"$tensor": name}` stands for the numbers of that tensor.
    pub value: Value,
}

/// `value` as a file. The same value gives the same bytes.
///
/// # Errors
/// [`Error::Checkpoint`] where the value has no serde form (128-bit numbers, or a key called `$tensor`).
pub fn save<T: Serialize>(kind: Kind, value: &T) -> Result<Vec<u8>> {
    let mut sink = Sink::new(CHECKSUM);
    let value = sink.document(value).map_err(|error| broken(error.to_string()))?;
    let created_by = concat!("driftscope ", env!("CARGO_PKG_VERSION")).to_owned();
    let document = Document { format_version: FORMAT_VERSION, kind, created_by, value };
    let text = serde_json::to_string(&document).map_err(|error| broken(error.to_string()))?;
    let tensors = sink.into_tensors();
    let mut views = Vec::with_capacity(tensors.len() + 1);
    for tensor in &tensors {
        let view = TensorView::new(tensor.dtype, tensor.shape.clone(), &tensor.bytes);
        views.push((tensor.name.as_str(), view.map_err(|error| broken(error.to_string()))?));
    }
    views.order_by_key(|&(name, _)| name);
    let sum = checksum(&text, &views).to_le_bytes();
    let view = TensorView::new(Dtype::U32, Vec::new(), &sum).map_err(|error| broken(error.to_string()))?;
    views.push((CHECKSUM, view));
    let metadata = HashMap::from([(KEY.to_owned(), text)]);
    safetensors::serialize(views, Some(metadata)).map_err(|error| broken(error.to_string()))
}

/// The value of a file that [`save`] wrote.
///
/// # Errors
/// [`Error::Checkpoint`] for bytes that are no such file, damaged, cut off, of another version or of another kind.
pub fn load<T: DeserializeOwned>(kind: Kind, bytes: &[u8]) -> Result<T> {
    let (document, tensors) = open(bytes)?;
    if document.kind != kind {
        return Err(broken(format!("it holds {:?}, not {kind:?}", document.kind)));
    }
    T::deserialize(Reader::new(&document.value, &tensors))
        .map_err(|error| broken(format!("it does not hold what this version expects: {error}")))
}

/// The document of a file, without its numbers.
///
/// # Errors
/// As [`load`], but for the kind.
pub fn inspect(bytes: &[u8]) -> Result<Document> {
    Ok(open(bytes)?.0)
}

fn open(bytes: &[u8]) -> Result<(Document, SafeTensors<'_>)> {
    let damaged = |error: String| broken(format!("it is no safetensors file, damaged, or cut off: {error}"));
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| damaged(error.to_string()))?;
    let text = metadata.metadata().as_ref().and_then(|entries| entries.get(KEY));
    let text = text.ok_or_else(|| broken("it is a safetensors file, but none of Driftscope's".into()))?;
    // The version stands first: another version's document may look different.
    let version = serde_json::from_str::<Value>(text).ok().and_then(|value| value.get("formatVersion")?.as_u64());
    if version != Some(u64::from(FORMAT_VERSION)) {
        let found = version.map_or("unknown".to_owned(), |version| version.to_string());
        return Err(broken(format!("its format's version is {found}; this program reads {FORMAT_VERSION}")));
    }
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| damaged(error.to_string()))?;
    let mut views: Vec<(&str, TensorView<'_>)> = tensors.iter().filter(|(name, _)| *name != CHECKSUM).collect();
    views.order_by_key(|&(name, _)| name);
    let sum = tensors.tensor(CHECKSUM).map_err(|error| damaged(error.to_string()))?;
    if sum.data() != checksum(text, &views).to_le_bytes() {
        return Err(damaged("its checksum differs".into()));
    }
    let document = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
    Ok((document, tensors))
}

/// CRC-32 of the document and of every tensor's name, type, shape and bytes, in the order of names.
fn checksum(text: &str, tensors: &[(&str, TensorView<'_>)]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(text.as_bytes());
    for (name, view) in tensors {
        hasher.update(format!("\n{name} {} {:?}\n", view.dtype(), view.shape()).as_bytes());
        hasher.update(view.data());
    }
    hasher.finalize()
}

fn broken(hint: String) -> Error {
    Error::Checkpoint { hint }
}

#[cfg(test)]
mod tests;
