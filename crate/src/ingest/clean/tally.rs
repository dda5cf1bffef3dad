//! What one rule touches: the events counted, the first of them kept as examples.

use crate::ingest::{quality::RuleName, raw::EXAMPLES};

use super::verdicts::Marks;

/// What a rule touched so far.
pub(super) struct Tally {
    pub rule: RuleName,
    /// Whether what is touched goes. Not so for a rule that repairs, or that is off and only says what it would take.
    rejects: bool,
    pub touched: u64,
    /// The first touched events in the order of the files, ascending.
    pub examples: Vec<u32>,
}

impl Tally {
    pub fn new(rule: RuleName, rejects: bool) -> Self {
        Self { rule, rejects, touched: 0, examples: Vec::with_capacity(EXAMPLES + 1) }
    }

    /// Counts an event, and marks it as rejected where the rule rejects.
    pub fn touch(&mut self, event: u32, marks: &mut Marks) {
        self.touched += 1;
        if self.rejects {
            marks.reject(event, self.rule);
        }
        if self.examples.len() < EXAMPLES || self.examples.last().is_some_and(|&last| event < last) {
            let place = self.examples.partition_point(|&other| other < event);
            self.examples.insert(place, event);
            self.examples.truncate(EXAMPLES);
        }
    }
}
