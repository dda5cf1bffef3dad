//! Standard output.

use std::io::{ErrorKind, Write, stdout};

use crate::Failure;

/// Prints a text and a line feed. A reader that has seen enough (`| head`) is no failure.
pub fn line(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
