//! Model files by docs/MODEL_FORMAT.md, so that mutations get past the checksum.

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

const DOCUMENT: &str = "driftscope";
const CHECKSUM: &str = "checksum";

/// The document of a file, as bytes.
pub fn document(file: &[u8]) -> Vec<u8> {
    text(file).unwrap_or_default().into_bytes()
}

fn text(file: &[u8]) -> Option<String> {
    let (_, metadata) = SafeTensors::read_metadata(file).ok()?;
    metadata.metadata().as_ref()?.get(DOCUMENT).cloned()
}

/// The file with the checksum that belongs to what it holds; unchanged where it is no safetensors file any more.
pub fn with_checksum(file: &[u8]) -> Vec<u8> {
    text(file).and_then(|document| assembled(file, document)).unwrap_or_else(|| file.to_vec())
}

/// The file with another document and the checksum that belongs to it.
pub fn with_document(file: &[u8], document: &[u8]) -> Vec<u8> {
    let document = String::from_utf8_lossy(document).into_owned();
    assembled(file, document).unwrap_or_else(|| file.to_vec())
}

fn assembled(file: &[u8], document: String) -> Option<Vec<u8>> {
    let tensors = SafeTensors::deserialize(file).ok()?;
    let mut views: Vec<(&str, TensorView<'_>)> = tensors.iter().filter(|(name, _)| *name != CHECKSUM).collect();
    views.sort_by_key(|&(name, _)| name);
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(document.as_bytes());
    for (name, view) in &views {
        hasher.update(format!("\n{name} {} {:?}\n", view.dtype(), view.shape()).as_bytes());
        hasher.update(view.data());
    }
    let sum = hasher.finalize().to_le_bytes();
    views.push((CHECKSUM, TensorView::new(Dtype::U32, Vec::new(), &sum).ok()?));
    safetensors::serialize(views, Some([(DOCUMENT.to_owned(), document)].into())).ok()
}
