//! Where a record of delimited text ends.

use memchr::{memchr, memchr2};

/// Lines over which a quoted cell may run. Beyond that the quote is taken for one that was never closed.
pub const QUOTED_LINES: u64 = 256;

/// Where the first record of a text ends, as far as it was looked at. Kept between pieces of text, so that no byte is
/// looked at twice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scan {
    at: usize,
    state: State,
    /// Whether there are quotes.
    pub quoted: bool,
    /// Where the first line end inside quotes is.
    pub first_break: Option<usize>,
    /// How many line ends inside quotes there are.
    pub breaks: u64,
    /// Delimiters passed.
    delimiters: u32,
    /// Number of the cell whose quotes hold the first line end or are not closed.
    pub open_column: Option<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
enum State {
    /// No quote yet.
    #[default]
    Bare,
    /// At the start of a cell.
    Start,
    /// In a cell that does not start with a quote; or after the closing quote of one that then goes on.
    Plain,
    /// Inside quotes.
    Quoted,
    /// After a quote inside quotes.
    Closed,
}

/// What a scan came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The record ends before this byte, which is a line end or the end of the text.
    Record(usize),
    /// More text is needed.
    More,
    /// A quoted cell never ends, or text follows its closing quote on another line.
    Unclosed,
}

impl Scan {
    /// Goes on where it stopped. `text`: the same as before and what came since; `quoting`: the delimiter next to which quotes
    /// count, `None` where they have no meaning; `last`: nothing follows.
    pub fn run(&mut self, text: &[u8], quoting: Option<u8>, last: bool) -> Found {
        let at_end = |at: usize| if last { Found::Record(at) } else { Found::More };
        loop {
            let rest = &text[self.at..];
            match (self.state, quoting) {
                (State::Bare, None) => match memchr(b'\n', rest) {
                    Some(offset) => return Found::Record(self.at + offset),
                    None => {
                        self.at = text.len();
                        return at_end(self.at);
                    }
                },
                (State::Bare, Some(_)) => match memchr2(b'\n', b'"', rest) {
                    Some(offset) if rest[offset] == b'\n' => return Found::Record(self.at + offset),
                    Some(_) => {
                        self.quoted = true;
                        self.at = 0;
                        self.state = State::Start;
                    }
                    None => {
                        self.at = text.len();
                        return at_end(self.at);
                    }
                },
                (State::Start, _) => match rest.first() {
                    Some(b'"') => {
                        self.at += 1;
                        self.state = State::Quoted;
                    }
                    Some(_) => self.state = State::Plain,
                    None => return at_end(self.at),
                },
                (State::Plain, _) => match memchr2(quoting.unwrap_or(b'\n'), b'\n', rest) {
                    Some(offset) if rest[offset] == b'\n' => return Found::Record(self.at + offset),
                    Some(offset) => self.next_cell(self.at + offset + 1),
                    None => {
                        self.at = text.len();
                        return at_end(self.at);
                    }
                },
                (State::Quoted, _) => match memchr2(b'"', b'\n', rest) {
                    Some(offset) if rest[offset] == b'"' => {
                        self.at += offset + 1;
                        self.state = State::Closed;
                    }
                    Some(offset) => {
                        self.first_break.get_or_insert(self.at + offset);
                        self.open_column.get_or_insert(self.delimiters + 1);
                        self.breaks += 1;
                        self.at += offset + 1;
                        if self.breaks > QUOTED_LINES {
                            return Found::Unclosed;
                        }
                    }
                    None => {
                        self.at = text.len();
                        if !last {
                            return Found::More;
                        }
                        self.open_column.get_or_insert(self.delimiters + 1);
                        return Found::Unclosed;
                    }
                },
                (State::Closed, _) => match rest {
                    [] => return at_end(self.at),
                    [b'\r'] if !last => return Found::More,
                    [b'"', ..] => {
                        self.at += 1;
                        self.state = State::Quoted;
                    }
                    [b'\r', b'\n', ..] => return Found::Record(self.at + 1),
                    [b'\n', ..] => return Found::Record(self.at),
                    [byte, ..] if Some(*byte) == quoting => self.next_cell(self.at + 1),
                    [b'\r'] => return Found::Record(text.len()),
                    _ if self.breaks > 0 => return Found::Unclosed,
                    _ => self.state = State::Plain,
                },
            }
        }
    }

    fn next_cell(&mut self, at: usize) {
        self.at = at;
        self.delimiters += 1;
        self.state = State::Start;
    }
}
