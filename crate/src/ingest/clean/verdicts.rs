//! Which event was rejected, and by which rule.

use crate::ingest::quality::RuleName;

/// A run of neighbouring events that one rule rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    first: u32,
    len: u32,
    rule: u8,
}

/// Which events of a raw log were rejected, and by which rule. Kept as runs where few are, else as one byte an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts(Form);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Runs(Vec<Run>),
    Bytes(Vec<u8>),
}

/// What stands for an event that was not rejected; a rule stands as its place among all, plus one.
const ACCEPTED: u8 = 0;

fn rule(code: u8) -> Option<RuleName> {
    RuleName::ALL.get(usize::from(code).checked_sub(1)?).copied()
}

impl Verdicts {
    /// The rule that rejected the event with this index in the raw log; `None` where it was accepted.
    pub fn rule(&self, event: u32) -> Option<RuleName> {
        match &self.0 {
            Form::Bytes(codes) => rule(*codes.get(event as usize)?),
            Form::Runs(runs) => {
                let after = runs.partition_point(|run| run.first <= event);
                let run = runs.get(after.checked_sub(1)?)?;
                if event - run.first < run.len { rule(run.rule) } else { None }
            }
        }
    }
}

/// The verdicts while they are being made.
pub(super) struct Marks(Vec<u8>);

impl Marks {
    pub fn new(events: usize) -> Self {
        Self(vec![ACCEPTED; events])
    }

    /// Whether no rule has rejected the event so far.
    pub fn accepted(&self, event: u32) -> bool {
        self.0.get(event as usize) == Some(&ACCEPTED)
    }

    pub fn reject(&mut self, event: u32, rule: RuleName) {
        if let Some(code) = self.0.get_mut(event as usize) {
            *code = rule as u8 + 1;
        }
    }

    /// Number of rejected events in a range of the raw log.
    pub fn rejected(&self, first: u32, len: u32) -> u64 {
        let (start, end) = (first as usize, first as usize + len as usize);
        self.0.get(start..end).map_or(0, |codes| codes.iter().filter(|&&code| code != ACCEPTED).count() as u64)
    }

    pub fn finish(self) -> Verdicts {
        let rejected = (0u32..).zip(&self.0).filter(|&(_, &code)| code != ACCEPTED);
        let mut runs: Vec<Run> = Vec::new();
        for (event, &rule) in rejected {
            match runs.last_mut() {
                Some(run) if run.first + run.len == event && run.rule == rule => run.len += 1,
                _ => runs.push(Run { first: event, len: 1, rule }),
            }
            if runs.len() * size_of::<Run>() > self.0.len() {
                return Verdicts(Form::Bytes(self.0));
            }
        }
        runs.shrink_to_fit();
        Verdicts(Form::Runs(runs))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn both_forms_say_what_was_marked(
            rejected in prop::collection::vec((0u32..400, 0usize..12), 0..40), events in 1u32..400,
        ) {
            let mut marks = Marks::new(events as usize);
            let mut expected = vec![None; events as usize];
            for (event, rule) in rejected {
                marks.reject(event, RuleName::ALL[rule]);
                if let Some(slot) = expected.get_mut(event as usize) {
                    *slot = Some(RuleName::ALL[rule]);
                }
            }
            prop_assert_eq!(marks.rejected(0, events), expected.iter().flatten().count() as u64);
            let verdicts = marks.finish();
            prop_assert_eq!((0..events).map(|event| verdicts.rule(event)).collect::<Vec<_>>(), expected);
            prop_assert_eq!(verdicts.rule(events), None);
        }
    }
}
