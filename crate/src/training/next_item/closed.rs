//! The closed-form model: ridge regression from a sequence's past to its future.

use super::Sequences;
use crate::{
    cf::{Ridge, ridge},
    graph::Csr,
};

/// Factor for each event between the split and an event of the past or the future.
const STEP: f32 = 0.7;
/// Events of the past and of the future that a row holds, at most.
const WINDOW: usize = 10;

/// Item × item weights of SLIT, the transition part of SLIST (Choi et al. 2021): every place t of every sequence gives a row
/// of the past, its last ten events before t weighted .7 for each step back, and a row of the future, the ten events
/// from t on weighted .7 for each step ahead; [`ridge`] goes from one to the other.
pub fn closed_form(sequences: &Sequences, options: Ridge) -> Csr {
    let splits = || {
        sequences.iter().flat_map(|sequence| {
            let items = sequence.items;
            (1..items.len()).map(move |at| (&items[at.saturating_sub(WINDOW)..at], &items[at..]))
        })
    };
    // Of an item that occurs twice the event nearest to the split counts.
    let past = splits().map(|(past, _)| powers(past.iter().rev()));
    let future = splits().map(|(_, future)| powers(future.iter().take(WINDOW)));
    let (past, future) = (Csr::from_rows(sequences.items(), past), Csr::from_rows(sequences.items(), future));
    ridge(&past, &future, true, options)
}

fn powers<'a>(items: impl Iterator<Item = &'a u32>) -> Vec<(u32, f32)> {
    let mut weight = 1.0 / STEP;
    let weighted = items.map(|&item| {
        weight *= STEP;
        (item, weight)
    });
    weighted.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_lead_from_the_past_to_the_future_only() {
        let sequences = Sequences::new(4, &[vec![0, 1, 2], vec![0, 1, 3], vec![0, 1, 2]]).unwrap();
        let weights = closed_form(&sequences, Ridge { lambda: 1.0, active: 9 });
        let weight = |from: usize, to: u32| weights.entries(from).find(|e| e.0 == to).map_or(0.0, |e| e.1);
        assert!(weight(0, 1) > weight(0, 2) && weight(1, 2) > weight(1, 3) && weight(1, 3) > 0.0);
        assert_eq!((weight(1, 0), weight(2, 1), weight(2, 0)), (0.0, 0.0, 0.0));
        // Item 1 is foretold by item 0 alone: rows with a past of {0} (three) have g = 3 and h = 3; those with {1: 1, 0: .7}
        // add 3 · .49 to g: 3 / (3 + 1.47 + 1).
        assert!((weight(0, 1) - 3.0 / 5.47).abs() < 1e-5, "{}", weight(0, 1));
    }
}
