//! Where interest goes: domain × domain transitions of users' past.

use super::Csr;

/// Sums, over users and windows, of profile\[a\] · next\[b\]: how often interest in domain a was followed by interest in
/// domain b. Grows with time; [`Transitions::matrix`] gives what was added so far.
#[derive(Debug, Clone)]
pub struct Transitions {
    domains: usize,
    sums: Csr,
    fresh: Vec<(u32, u32, f32)>,
}

/// Entries that are gathered before they are added up.
const FRESH: usize = 1 << 20;

impl Transitions {
    /// None yet.
    pub fn new(domains: usize) -> Transitions {
        Transitions { domains, sums: Csr::from_triplets(domains, domains, Vec::new()), fresh: Vec::new() }
    }

    /// Adds one step of one user: shares before, shares after. Staying in a domain is no transition.
    pub fn add(&mut self, before: &[(u32, f32)], after: &[(u32, f32)]) {
        for &(from, share) in before {
            let moves = after.iter().filter(|&&(to, _)| to != from);
            self.fresh.extend(moves.map(|&(to, next)| (from, to, share * next)));
        }
        if self.fresh.len() > FRESH {
            self.gather();
        }
    }

    fn gather(&mut self) {
        let old = &self.sums;
        let mut all: Vec<(u32, u32, f32)> = (0..old.rows())
            .flat_map(|row| old.entries(row).map(move |(column, value)| (row as u32, column, value)))
            .collect();
        all.append(&mut self.fresh);
        self.sums = Csr::from_triplets(self.domains, self.domains, all);
    }

    /// The sums so far; row: from, column: to.
    pub fn matrix(&mut self) -> &Csr {
        if !self.fresh.is_empty() {
            self.gather();
        }
        &self.sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_add_up_and_staying_does_not_count() {
        let mut transitions = Transitions::new(3);
        transitions.add(&[(0, 0.5), (1, 0.5)], &[(1, 1.0)]);
        assert_eq!(transitions.matrix().row(0), (&[1][..], &[0.5][..]));
        transitions.add(&[(0, 1.0)], &[(1, 0.25), (2, 0.75)]);
        let matrix = transitions.matrix();
        assert_eq!((matrix.row(0), matrix.len()), ((&[1, 2][..], &[0.75, 0.75][..]), 2));
    }
}
