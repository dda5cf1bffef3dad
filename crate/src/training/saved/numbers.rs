//! The numbers of a tensor, one after another.

use safetensors::{Dtype, tensor::TensorView};
use serde::de::{Error as _, Unexpected, value::Error};

/// A number as wide as its family: what is read decides on the type.
#[derive(Debug, Clone, Copy)]
pub(super) enum Number {
    Unsigned(u64),
    Signed(i64),
    Single(f32),
    Double(f64),
}

impl Number {
    pub fn unexpected(self) -> Unexpected<'static> {
        match self {
            Number::Unsigned(number) => Unexpected::Unsigned(number),
            Number::Signed(number) => Unexpected::Signed(number),
            Number::Single(number) => Unexpected::Float(f64::from(number)),
            Number::Double(number) => Unexpected::Float(number),
        }
    }
}

/// What is left of a tensor's numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers<'a> {
    dtype: Dtype,
    /// Bytes of one number.
    width: usize,
    bytes: &'a [u8],
}

impl<'a> Numbers<'a> {
    pub fn of(view: &TensorView<'a>) -> Result<Numbers<'a>, Error> {
        let width = match view.dtype() {
            Dtype::U8 | Dtype::I8 => 1,
            Dtype::U16 | Dtype::I16 => 2,
            Dtype::U32 | Dtype::I32 | Dtype::F32 => 4,
            Dtype::U64 | Dtype::I64 | Dtype::F64 => 8,
            other => return Err(Error::custom(format!("numbers of type {other} are not read"))),
        };
        Ok(Numbers { dtype: view.dtype(), width, bytes: view.data() })
    }
}

impl Iterator for Numbers<'_> {
    type Item = Number;

    fn next(&mut self) -> Option<Number> {
        let (bytes, rest) = self.bytes.split_at_checked(self.width)?;
        self.bytes = rest;
        let bits = bytes.iter().rev().fold(0, |bits: u64, &byte| bits << 8 | u64::from(byte));
        // Bits above the type's width are cut off, which keeps the sign of narrow numbers.
        Some(match self.dtype {
            Dtype::F32 => Number::Single(f32::from_bits(bits as u32)),
            Dtype::F64 => Number::Double(f64::from_bits(bits)),
            Dtype::I8 => Number::Signed(i64::from(bits as i8)),
            Dtype::I16 => Number::Signed(i64::from(bits as i16)),
            Dtype::I32 => Number::Signed(i64::from(bits as i32)),
            Dtype::I64 => Number::Signed(bits as i64),
            _ => Number::Unsigned(bits),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.bytes.len() / self.width;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Numbers<'_> {}
