//! What fine-tuning changed, exactly.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    nn::Shape,
    training::saved::{self, Kind},
};

/// A network's learned numbers, θ, by themselves: what a [`Delta`] is applied to and taken back from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Network {
    /// Its sizes.
    pub shape: Shape,
    /// Its parameters, in the order of [`Shape::parameters`].
    pub parameters: Vec<Vec<f32>>,
}

impl Network {
    /// As a file (`docs/MODEL_FORMAT.md`).
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it cannot be encoded.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        saved::save(Kind::Network, self)
    }

    /// Back from a file.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that are damaged, of another version or no network.
    pub fn from_bytes(bytes: &[u8]) -> Result<Network> {
        saved::load(Kind::Network, bytes)
    }

    /// θ_pre + Δθ.
    ///
    /// # Errors
    /// As [`Delta::apply`].
    pub fn changed(&self, delta: &Delta) -> Result<Network> {
        Ok(Network { parameters: delta.apply(&self.parameters)?, ..self.clone() })
    }

    /// θ_new − Δθ.
    ///
    /// # Errors
    /// As [`Delta::take_back`].
    pub fn restored(&self, delta: &Delta) -> Result<Network> {
        Ok(Network { parameters: delta.take_back(&self.parameters)?, ..self.clone() })
    }
}

/// Δθ = θ_new − θ_pre of a network's parameters.
///
/// The differences are kept in double precision, where the difference of two single-precision numbers is exact unless
/// one is more than 2²⁹ times the other. Where θ_pre + Δθ or θ_new − Δθ would not give the same bits (that case, and −0),
/// both numbers are kept as they are. So [`Delta::apply`] and [`Delta::take_back`] are exact, bit for bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delta {
    /// CRC-32 of the parameters that it belongs to, before and after.
    before: u32,
    after: u32,
    /// θ_new − θ_pre, by parameter.
    changes: Vec<Vec<f64>>,
    /// Places (parameter, number) where the sum is not exact, with the bits before and after.
    parameters: Vec<usize>,
    places: Vec<usize>,
    old_bits: Vec<u32>,
    new_bits: Vec<u32>,
}

/// How much one parameter changed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// Euclidean norm of the differences.
    pub norm: f64,
    /// Largest difference, without its sign.
    pub largest: f64,
    /// How many numbers differ, of `numbers`.
    pub changed: usize,
    /// How many numbers the parameter has.
    pub numbers: usize,
}

impl Delta {
    /// The difference between two states of the same parameters.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where they differ in shape.
    pub fn between(before: &[Vec<f32>], after: &[Vec<f32>]) -> Result<Delta> {
        same_shape(before.iter().map(Vec::len), after)?;
        let mut delta = Delta {
            before: checksum(before),
            after: checksum(after),
            changes: Vec::with_capacity(before.len()),
            parameters: Vec::new(),
            places: Vec::new(),
            old_bits: Vec::new(),
            new_bits: Vec::new(),
        };
        for (parameter, (old, new)) in before.iter().zip(after).enumerate() {
            let mut changes = Vec::with_capacity(old.len());
            for (place, (&old, &new)) in old.iter().zip(new).enumerate() {
                let change = f64::from(new) - f64::from(old);
                let exact = add(old, change).to_bits() == new.to_bits() && add(new, -change).to_bits() == old.to_bits();
                if !exact {
                    delta.parameters.push(parameter);
                    delta.places.push(place);
                    delta.old_bits.push(old.to_bits());
                    delta.new_bits.push(new.to_bits());
                }
                changes.push(change);
            }
            delta.changes.push(changes);
        }
        Ok(delta)
    }

    /// θ_pre + Δθ.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where `before` is not the θ_pre that it was made from.
    pub fn apply(&self, before: &[Vec<f32>]) -> Result<Vec<Vec<f32>>> {
        self.shift(before, self.before, self.after, 1.0, &self.new_bits)
    }

    /// θ_new − Δθ.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where `after` is not the θ_new that it was made from.
    pub fn take_back(&self, after: &[Vec<f32>]) -> Result<Vec<Vec<f32>>> {
        self.shift(after, self.after, self.before, -1.0, &self.old_bits)
    }

    fn shift(&self, values: &[Vec<f32>], from: u32, to: u32, sign: f64, bits: &[u32]) -> Result<Vec<Vec<f32>>> {
        same_shape(self.changes.iter().map(Vec::len), values)?;
        if checksum(values) != from {
            return Err(Error::Checkpoint { hint: "this change was made from other parameters".into() });
        }
        let shifted = |(values, changes): (&Vec<f32>, &Vec<f64>)| {
            values.iter().zip(changes).map(|(&value, change)| add(value, sign * change)).collect()
        };
        let mut result: Vec<Vec<f32>> = values.iter().zip(&self.changes).map(shifted).collect();
        for ((&parameter, &place), &bits) in self.parameters.iter().zip(&self.places).zip(bits) {
            if let Some(value) = result.get_mut(parameter).and_then(|numbers| numbers.get_mut(place)) {
                *value = f32::from_bits(bits);
            }
        }
        if checksum(&result) == to {
            return Ok(result);
        }
        Err(Error::Checkpoint { hint: "this change does not lead where it says: its file was changed".into() })
    }

    /// How much each parameter changed, in their order.
    pub fn changes(&self) -> Vec<Change> {
        let of = |changes: &Vec<f64>| Change {
            norm: changes.iter().map(|change| change * change).sum::<f64>().sqrt(),
            largest: changes.iter().fold(0.0, |largest, change| change.abs().max(largest)),
            changed: changes.iter().filter(|&&change| change != 0.0).count(),
            numbers: changes.len(),
        };
        self.changes.iter().map(of).collect()
    }

    /// As a file (`docs/MODEL_FORMAT.md`).
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it cannot be encoded.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        saved::save(Kind::Delta, self)
    }

    /// Back from a file.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that are damaged, of another version or no change.
    pub fn from_bytes(bytes: &[u8]) -> Result<Delta> {
        saved::load(Kind::Delta, bytes)
    }
}

fn add(value: f32, change: f64) -> f32 {
    (f64::from(value) + change) as f32
}

fn same_shape(lengths: impl ExactSizeIterator<Item = usize>, values: &[Vec<f32>]) -> Result<()> {
    if lengths.len() == values.len() && lengths.zip(values).all(|(length, values)| length == values.len()) {
        return Ok(());
    }
    Err(Error::Checkpoint { hint: "these parameters are of another network".into() })
}

/// CRC-32 of all numbers in their order.
pub(crate) fn checksum(values: &[Vec<f32>]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for value in values.iter().flatten() {
        hasher.update(&value.to_le_bytes());
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bits(values: &[Vec<f32>]) -> Vec<Vec<u32>> {
        values.iter().map(|values| values.iter().map(|value| value.to_bits()).collect()).collect()
    }

    proptest! {
        /// For any numbers at all: zeros of both signs, subnormals, infinities, NaN, and any gap between magnitudes.
        #[test]
        fn a_change_is_applied_and_taken_back_bit_for_bit(
            pairs in proptest::collection::vec((any::<u32>(), any::<u32>()), 1..60),
            small in proptest::collection::vec((-1_f32..1.0, -1e-3_f32..1e-3), 1..60),
        ) {
            let wild = |at: fn(&(u32, u32)) -> u32| pairs.iter().map(|pair| f32::from_bits(at(pair))).collect::<Vec<f32>>();
            let before = vec![wild(|pair| pair.0), small.iter().map(|pair| pair.0).collect(), vec![0.0, -0.0, 1e30]];
            let after = vec![wild(|pair| pair.1), small.iter().map(|(a, b)| a + b).collect(), vec![-0.0, 0.0, 1e-30]];
            let delta = Delta::between(&before, &after).unwrap();
            let delta = Delta::from_bytes(&delta.to_bytes().unwrap()).unwrap();
            prop_assert_eq!(bits(&delta.apply(&before).unwrap()), bits(&after));
            prop_assert_eq!(bits(&delta.take_back(&after).unwrap()), bits(&before));
        }
    }

    #[test]
    fn a_change_says_how_large_it_is_and_fits_only_where_it_came_from() {
        let (before, after) = (vec![vec![1.0, 2.0], vec![5.0]], vec![vec![4.0, -2.0], vec![5.0]]);
        let delta = Delta::between(&before, &after).unwrap();
        let [first, second] = delta.changes()[..] else { panic!() };
        assert_eq!(first, Change { norm: 5.0, largest: 4.0, changed: 2, numbers: 2 });
        assert_eq!((second.norm, second.changed), (0.0, 0));
        assert_eq!(delta.apply(&after).unwrap_err().code(), "checkpoint");
        assert_eq!(delta.take_back(&before).unwrap_err().code(), "checkpoint");
        assert_eq!(delta.apply(&[vec![1.0]]).unwrap_err().code(), "checkpoint");
        assert!(Delta::between(&before, &after[..1]).is_err());
    }
}
