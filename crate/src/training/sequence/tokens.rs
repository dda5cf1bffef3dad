//! Sequences as matrices.

use burn::tensor::{Device, Tensor, TensorData};

use super::Vocabulary;
use crate::{Result, nn::Sparse, training::next_item::Sequence};

/// Some sequences, padded at their end to the longest of them.
#[derive(Debug)]
pub(super) struct Tokens {
    /// Places of each sequence, padding included.
    pub length: usize,
    /// \[sequences × length, rows of the vocabulary\].
    pub places: Sparse,
    /// \[1 or sequences, length × length, relations of the vocabulary\].
    pub relations: Tensor<3>,
}

impl Tokens {
    /// # Errors
    /// As [`Sparse::new`].
    pub fn new(vocabulary: &Vocabulary, sequences: &[Sequence<'_>], device: &Device) -> Result<Tokens> {
        let length = sequences.iter().map(|sequence| sequence.items.len()).max().unwrap_or(0).max(1);
        let mut lists: Vec<Vec<(u32, f32)>> = Vec::with_capacity(sequences.len() * length);
        for sequence in sequences {
            for (place, &item) in sequence.items.iter().enumerate() {
                let mut list: Vec<(u32, f32)> = vocabulary.item(item).collect();
                list.extend(sequence.kinds.get(place).and_then(|&kind| vocabulary.kind(kind)));
                if let Some(before) = place.checked_sub(1) {
                    list.extend(gap(sequence, before, place).into_iter().flat_map(|gap| vocabulary.gap(gap)));
                }
                lists.push(list);
            }
            lists.resize_with(lists.len() + length - sequence.items.len(), Vec::new);
        }
        let places = Sparse::pool(lists, vocabulary.rows(), device)?;
        let relations = relations(vocabulary, sequences, length, device);
        Ok(Tokens { length, places, relations })
    }
}

/// Seconds from one place to a later one, where times are known.
fn gap(sequence: &Sequence<'_>, before: usize, place: usize) -> Option<f64> {
    Some(f64::from(sequence.times.get(place)?.saturating_sub(*sequence.times.get(before)?)))
}

fn relations(vocabulary: &Vocabulary, sequences: &[Sequence<'_>], length: usize, device: &Device) -> Tensor<3> {
    let width = vocabulary.relations();
    // Without times all sequences are alike.
    let some = if vocabulary.timed() { sequences } else { &[Sequence::default()][..] };
    let mut values = vec![0.0; some.len() * length * length * width];
    for (sequence, own) in some.iter().zip(values.chunks_mut(length * length * width)) {
        let places = if vocabulary.timed() { sequence.items.len() } else { length };
        for place in 0..places {
            for before in 0..=place {
                let at = (place * length + before) * width;
                let seconds = gap(sequence, before, place).unwrap_or(0.0);
                vocabulary.relate(place - before, seconds, &mut own[at..at + width]);
            }
        }
    }
    Tensor::from_data(TensorData::new(values, [some.len(), length * length, width]), device)
}
