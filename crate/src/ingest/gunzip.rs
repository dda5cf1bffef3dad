//! Plain bytes out of a file that may be gzip.

use std::io::Write;

use flate2::write::MultiGzDecoder;

use crate::{
    Result,
    error::{Error, Place},
};

const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// How far a gzip file may expand: to `floor` bytes in any case, beyond that to `ratio` times its size. Deflate reaches
/// 1032:1 on zeros, logs 5:1 to 50:1. Memory does not depend on this (a line has its own limit); the guard saves the time
/// that a small hostile file could take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expansion {
    pub floor: u64,
    pub ratio: u64,
}

impl Default for Expansion {
    fn default() -> Self {
        Self { floor: 256 << 20, ratio: 250 }
    }
}

/// Unpacks gzip of one or more members and passes everything else through. What the file is shows in its first two bytes:
/// no text begins with those of gzip, so the caller's word is not needed.
pub(super) struct Gunzip {
    state: State,
    limits: Expansion,
    read: u64,
    written: u64,
    /// What has been unpacked and not yet handed on.
    out: Vec<u8>,
}

enum State {
    /// Fewer bytes than the magic number has.
    Start(Vec<u8>),
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    /// Nothing after a damaged place can be read.
    Damaged,
}

impl Gunzip {
    pub fn new(limits: Expansion) -> Self {
        Self { state: State::Start(Vec::new()), limits, read: 0, written: 0, out: Vec::new() }
    }

    /// Bytes of text unpacked so far; where the file is damaged, those before the damage.
    pub fn bytes_unpacked(&self) -> u64 {
        self.written
    }

    /// Whether the file turned out to be damaged.
    pub fn is_damaged(&self) -> bool {
        matches!(self.state, State::Damaged)
    }

    /// Gives `sink` what `bytes` unpack to, in small pieces.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for a file that expands beyond the limits, and those of `sink`. Damage is not an error here:
    /// see [`Gunzip::is_damaged`].
    pub fn push(&mut self, bytes: &[u8], file: &str, sink: &mut impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        match &mut self.state {
            State::Start(head) => {
                head.extend_from_slice(bytes);
                if head.len() < MAGIC.len() {
                    return Ok(());
                }
                let head = std::mem::take(head);
                self.state = if head.starts_with(&MAGIC) {
                    State::Gzip(Box::new(MultiGzDecoder::new(Vec::new())))
                } else {
                    State::Plain
                };
                self.push(&head, file, sink)
            }
            State::Plain => {
                self.written += bytes.len() as u64;
                sink(bytes)
            }
            State::Gzip(_) => self.unpack(bytes, file, sink),
            State::Damaged => Ok(()),
        }
    }

    fn unpack(&mut self, mut bytes: &[u8], file: &str, sink: &mut impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        while let (State::Gzip(decoder), false) = (&mut self.state, bytes.is_empty()) {
            let taken = match decoder.write(bytes) {
                Ok(taken) if taken > 0 => taken,
                _ => {
                    // Hands on what was unpacked before the damage; that it then fails is known already.
                    drop(decoder.flush());
                    0
                }
            };
            std::mem::swap(decoder.get_mut(), &mut self.out);
            if taken == 0 {
                self.state = State::Damaged;
            }
            self.read += taken as u64;
            bytes = &bytes[taken..];
            self.hand_on(file, sink)?;
        }
        Ok(())
    }

    fn hand_on(&mut self, file: &str, sink: &mut impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.written += self.out.len() as u64;
        let limit = self.limits.floor.max(self.read.saturating_mul(self.limits.ratio));
        if self.written > limit {
            return Err(Error::TooLarge {
                place: Place { file: file.to_owned(), line: None, column: None },
                what: "the unpacked size",
                limit,
                hint: format!(
                    "it expands more than {} times, as no log does; unpack it yourself if it is one",
                    self.limits.ratio
                ),
            });
        }
        sink(&self.out)?;
        self.out.clear();
        Ok(())
    }

    /// Hands on what is left.
    ///
    /// # Errors
    /// As [`Gunzip::push`].
    pub fn end(&mut self, file: &str, sink: &mut impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        match &mut self.state {
            State::Start(head) => {
                let head = std::mem::take(head);
                self.written += head.len() as u64;
                self.state = State::Plain;
                sink(&head)
            }
            State::Gzip(decoder) => {
                let whole = decoder.try_finish().is_ok();
                std::mem::swap(decoder.get_mut(), &mut self.out);
                self.state = if whole { State::Plain } else { State::Damaged };
                self.hand_on(file, sink)
            }
            State::Plain | State::Damaged => Ok(()),
        }
    }
}
