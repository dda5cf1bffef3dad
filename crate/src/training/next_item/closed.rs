//! The closed-form models: ridge regression from a sequence's past to its future, or from its items to each other.

use serde::{Deserialize, Serialize};

use super::{Recency, Sequences, paced::matrix, user_items};
use crate::{Result, cf::Ridge, graph::Csr, training::Observer};

/// Factor for each event between the split and an event of the past or the future.
const STEP: f32 = 0.7;
/// Events of the past and of the future that a row holds, at most.
const WINDOW: usize = 10;

/// What is regressed on what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClosedForm {
    /// SLIT, the transition part of SLIST (Choi et al. 2021): every place t of every sequence gives a row of the past, its
    /// last ten events before t weighted .7 for each step back, and a row of the future, the ten events from t on weighted
    /// .7 for each step ahead. The regression goes from one to the other.
    Slit,
    /// EASE (Steck 2019): every sequence is a row, and each of its items is foretold by the others, whatever their order.
    Ease,
}

/// Item × item weights of the regression, as [`crate::cf::ridge`] finds them.
///
/// # Errors
/// [`crate::Error::Cancelled`].
pub async fn closed_form(
    sequences: &Sequences,
    form: ClosedForm,
    options: Ridge,
    observer: &mut impl Observer,
) -> Result<Csr> {
    let items = sequences.items();
    if form == ClosedForm::Ease {
        let rows = user_items(sequences, Recency::steps(1.0)).map(|_, _, _| 1.0);
        let gram = matrix(items, rows.transpose().product_rows(&rows), observer).await?;
        return Ok(matrix(items, options.columns(&gram, &gram, false), observer).await?.transpose());
    }
    let splits = || {
        sequences.iter().flat_map(|sequence| {
            let items = sequence.items;
            (1..items.len()).map(move |at| (&items[at.saturating_sub(WINDOW)..at], &items[at..]))
        })
    };
    // Of an item that occurs twice the event nearest to the split counts.
    let past = splits().map(|(past, _)| powers(past.iter().rev()));
    let future = splits().map(|(_, future)| powers(future.iter().take(WINDOW)));
    let past = matrix(items, past, observer).await?;
    let future = matrix(items, future, observer).await?.transpose();
    let gram = matrix(items, past.transpose().product_rows(&past), observer).await?;
    let cross = matrix(items, future.product_rows(&past), observer).await?;
    Ok(matrix(items, options.columns(&gram, &cross, true), observer).await?.transpose())
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
    use crate::training::Silent;

    fn weights(sequences: &Sequences, form: ClosedForm) -> Csr {
        let options = Ridge { lambda: 1.0, active: 9 };
        pollster::block_on(closed_form(sequences, form, options, &mut Silent)).unwrap()
    }

    fn weight(weights: &Csr, from: usize, to: u32) -> f32 {
        weights.entries(from).find(|entry| entry.0 == to).map_or(0.0, |entry| entry.1)
    }

    #[test]
    fn weights_lead_from_the_past_to_the_future_only() {
        let sequences = Sequences::new(4, &[vec![0, 1, 2], vec![0, 1, 3], vec![0, 1, 2]]).unwrap();
        let weights = weights(&sequences, ClosedForm::Slit);
        let weight = |from: usize, to: u32| weight(&weights, from, to);
        assert!(weight(0, 1) > weight(0, 2) && weight(1, 2) > weight(1, 3) && weight(1, 3) > 0.0);
        assert_eq!((weight(1, 0), weight(2, 1), weight(2, 0)), (0.0, 0.0, 0.0));
        // Item 1 is foretold by item 0 alone: rows with a past of {0} (three) have g = 3 and h = 3; those with {1: 1, 0: .7}
        // add 3 · .49 to g: 3 / (3 + 1.47 + 1).
        assert!((weight(0, 1) - 3.0 / 5.47).abs() < 1e-5, "{}", weight(0, 1));
    }

    #[test]
    fn ease_knows_no_order() {
        let sequences = Sequences::new(3, &[vec![0, 1], vec![1, 0], vec![2, 0]]).unwrap();
        let weights = weights(&sequences, ClosedForm::Ease);
        // Items 0 (three rows), 1 (two) and 2 (one). Item 1 from item 0 alone: 2 / (3 + 1); the other way both others count
        // and never meet: 2 / (2 + 1).
        assert!((weight(&weights, 0, 1) - 0.5).abs() < 1e-5, "{}", weight(&weights, 0, 1));
        assert!((weight(&weights, 1, 0) - 2.0 / 3.0).abs() < 1e-5, "{}", weight(&weights, 1, 0));
        assert_eq!((weight(&weights, 0, 0), weight(&weights, 1, 2)), (0.0, 0.0));
    }
}
