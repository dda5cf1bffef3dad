//! Edits of bytes, as proptest draws and shrinks them, and the run that gives them to a reader.

use std::cell::Cell;

use driftscope::Result;
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed, TestRunner},
};

/// Bytes that mean something in one format or another, and counts at the limits of their types.
const MEANINGFUL: [&[u8]; 26] = [
    b"\"",
    b"\n",
    b"\r\n",
    b",",
    b"::",
    b"\t",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"\\u0000",
    b"\\ud800",
    b"\0",
    b"\xef\xbb\xbf",
    b"null",
    b"-",
    b"1e999",
    b"9999999999",
    b"\xff",
    b"\xff\xfe",
    b"\x1f\x8b",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\x80",
    b"\0\0\0\0\0\0\0\0",
];
/// Inputs for each target where nothing else is asked for.
const QUICK: u64 = 1_000;
/// Longest part that an edit takes out, repeats or copies.
const LONGEST: usize = 64;

/// One edit. Places are parts of the length (`u32::MAX` the whole), so that they mean the same however long the bytes are.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Set { place: u32, byte: u8 },
    Flip { place: u32, bit: u8 },
    Overwrite { place: u32, with: u8 },
    Insert { place: u32, what: u8 },
    Remove { place: u32, length: u8 },
    Repeat { place: u32, length: u8, times: u8 },
    Copy { place: u32, from: u32, length: u8 },
    Cut { place: u32 },
}

fn edit() -> impl Strategy<Value = Edit> {
    (0u8..8, any::<u32>(), any::<u32>(), any::<u8>(), any::<u8>()).prop_map(|(kind, place, from, byte, times)| {
        match kind {
            0 => Edit::Set { place, byte },
            1 => Edit::Flip { place, bit: byte },
            2 => Edit::Overwrite { place, with: byte },
            3 => Edit::Insert { place, what: byte },
            4 => Edit::Remove { place, length: byte },
            5 => Edit::Repeat { place, length: byte, times },
            6 => Edit::Copy { place, from, length: byte },
            _ => Edit::Cut { place },
        }
    })
}

fn at(place: u32, length: usize) -> usize {
    ((u64::from(place) * length as u64) >> 32) as usize
}

fn part(bytes: &[u8], place: u32, length: u8) -> std::ops::Range<usize> {
    let from = at(place, bytes.len());
    from..(from + 1 + usize::from(length) % LONGEST).min(bytes.len())
}

fn meaningful(number: u8) -> &'static [u8] {
    MEANINGFUL[usize::from(number) % MEANINGFUL.len()]
}

impl Edit {
    fn apply(self, bytes: &mut Vec<u8>) {
        match self {
            Edit::Set { place, byte } => {
                let place = at(place, bytes.len());
                if let Some(old) = bytes.get_mut(place) {
                    *old = byte;
                }
            }
            Edit::Flip { place, bit } => {
                let place = at(place, bytes.len());
                if let Some(old) = bytes.get_mut(place) {
                    *old ^= 1 << (bit % 8);
                }
            }
            Edit::Overwrite { place, with } => {
                let from = at(place, bytes.len());
                let to = (from + meaningful(with).len()).min(bytes.len());
                bytes.splice(from..to, meaningful(with).iter().copied());
            }
            Edit::Insert { place, what } => {
                let place = at(place, bytes.len());
                bytes.splice(place..place, meaningful(what).iter().copied());
            }
            Edit::Remove { place, length } => drop(bytes.drain(part(bytes, place, length))),
            Edit::Repeat { place, length, times } => {
                let part = part(bytes, place, length);
                let repeated = bytes[part.clone()].repeat(1 + usize::from(times) % 8);
                bytes.splice(part.end..part.end, repeated);
            }
            Edit::Copy { place, from, length } => {
                let copied = bytes[part(bytes, from, length)].to_vec();
                let place = at(place, bytes.len());
                bytes.splice(place..place, copied);
            }
            Edit::Cut { place } => bytes.truncate(at(place, bytes.len())),
        }
    }
}

/// Gives `read` every seed as it is, and then `DRIFTSCOPE_FUZZ_INPUTS` of them after up to eight edits each; it may refuse
/// them but nothing worse, and must not refuse all. `DRIFTSCOPE_FUZZ_SEED` draws other edits.
pub fn fuzz(name: &str, seeds: &[Vec<u8>], read: impl Fn(&[u8]) -> Result<()>) {
    let asked = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let inputs = asked("DRIFTSCOPE_FUZZ_INPUTS").unwrap_or(QUICK);
    let accepted = Cell::new(0u64);
    let take = |bytes: &[u8]| accepted.set(accepted.get() + u64::from(read(bytes).is_ok()));
    seeds.iter().for_each(|seed| take(seed));
    let config = Config {
        cases: u32::try_from(inputs).unwrap_or(u32::MAX),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(asked("DRIFTSCOPE_FUZZ_SEED").unwrap_or(1)),
        ..Config::default()
    };
    let mutation = (0..seeds.len(), prop::collection::vec(edit(), 0..=8));
    let found = TestRunner::new(config).run(&mutation, |(seed, edits)| {
        let mut bytes = seeds[seed].clone();
        for edit in edits {
            edit.apply(&mut bytes);
        }
        take(&bytes);
        Ok(())
    });
    println!("{name}: {inputs} inputs, {} accepted", accepted.get());
    if let Err(error) = found {
        panic!("{name}: {error}");
    }
    assert!(accepted.get() > 0, "{name}: everything was refused");
}
