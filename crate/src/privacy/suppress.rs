//! Tables in which nobody stands out: k-anonymity of published cells.

use serde::{Deserialize, Serialize};

use super::complement::Grid;
use crate::{Error, Result};

/// Which totals are published beside the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Of each row.
    pub rows: bool,
    /// Of each column.
    pub columns: bool,
}

/// What becomes of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cell {
    /// It is shown. A cell without anyone is, too: it is about nobody.
    Shown,
    /// It is hidden, since fewer than k users stand behind it.
    Few,
    /// It is hidden, since another hidden cell would follow from it.
    Complement,
    /// It is a total that was not asked for.
    Unasked,
}

/// What may be shown of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// (rows + 1) × (columns + 1), row-major; the last row and column are the totals.
    pub cells: Vec<Cell>,
}

/// Decides what may be shown of a table of (rows + 1) × (columns + 1) cells, row-major, whose last column and row hold the
/// totals of rows and columns. `users` says how many different users stand behind each cell.
///
/// Cells with 1 to k − 1 users are hidden. More are hidden (those with the fewest users) until none of the hidden cells
/// follows from what is shown and the totals; so each could have other values, and nobody can tell which. How *far* it could
/// differ is not bounded: for a guarantee against any prior knowledge, see [`private_evolution`](super::private_evolution).
///
/// # Errors
/// [`Error::Parameter`] for a k below 2, or a number of cells that does not fit `columns`.
pub fn suppress(users: &[u32], columns: usize, k: u32, totals: Totals) -> Result<Suppressed> {
    if k < 2 {
        return Err(Error::Parameter {
            name: "k",
            hint: format!("at least 2 users must stand behind a cell, not {k}"),
        });
    }
    let width = columns + 1;
    if users.is_empty() || !users.len().is_multiple_of(width) {
        return Err(Error::Parameter {
            name: "table",
            hint: format!("{} cells do not make rows of {width}", users.len()),
        });
    }
    let height = users.len() / width;
    let unasked = |index: usize| {
        let (total_of_row, total_of_column) = (index % width == columns, index / width == height - 1);
        match (total_of_row, total_of_column) {
            (true, true) => !totals.rows && !totals.columns,
            (true, false) => !totals.rows,
            (false, true) => !totals.columns,
            (false, false) => false,
        }
    };
    let decide = |(index, &users): (usize, &u32)| match users {
        _ if unasked(index) => Cell::Unasked,
        1.. if users < k => Cell::Few,
        _ => Cell::Shown,
    };
    let mut cells: Vec<Cell> = users.iter().enumerate().map(decide).collect();
    let mut hidden: Vec<bool> = cells.iter().map(|&cell| cell != Cell::Shown).collect();
    let cost: Vec<u64> = users.iter().map(|&users| u64::from(users)).collect();
    loop {
        let grid = Grid { columns: width, hidden: &hidden };
        // An unasked total may follow from the rest: it hides nothing that was not shown.
        let Some(bridge) = grid.bridges().into_iter().find(|&cell| cells[cell] != Cell::Unasked) else { break };
        let Some(cycle) = grid.cycle(bridge, &cost) else { break };
        for cell in cycle {
            if !hidden[cell] {
                hidden[cell] = true;
                cells[cell] = Cell::Complement;
            }
        }
    }
    Ok(Suppressed { cells })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOTH: Totals = Totals { rows: true, columns: true };

    fn with_totals(counts: &[u32], columns: usize) -> Vec<u32> {
        let width = columns + 1;
        let rows = counts.len() / columns;
        let mut table = vec![0; (rows + 1) * width];
        for (index, &count) in counts.iter().enumerate() {
            let (row, column) = (index / columns, index % columns);
            for (row, column) in [(row, column), (row, columns), (rows, column), (rows, columns)] {
                table[row * width + column] += count;
            }
        }
        table
    }

    /// Dimension by which a hidden cell may vary, found by elimination instead of by graphs: whether e_cell is in the span of
    /// the equations of rows and columns, restricted to hidden cells.
    fn follows(cells: &[Cell], width: usize, cell: usize) -> bool {
        let hidden: Vec<usize> = (0..cells.len()).filter(|&index| cells[index] != Cell::Shown).collect();
        let equation = |member: &dyn Fn(usize) -> bool| -> Vec<f64> {
            hidden.iter().map(|&index| f64::from(u8::from(member(index)))).collect()
        };
        // Totals enter with the other sign, which scales columns of the system only, and so changes no rank.
        let mut system: Vec<Vec<f64>> =
            (0..cells.len() / width).map(|row| equation(&|index| index / width == row)).collect();
        system.extend((0..width).map(|column| equation(&|index| index % width == column)));
        let rank = |mut rows: Vec<Vec<f64>>| {
            let mut rank = 0;
            for column in 0..hidden.len() {
                let Some(pivot) = (rank..rows.len()).find(|&row| rows[row][column].abs() > 1e-9) else { continue };
                rows.swap(rank, pivot);
                for row in 0..rows.len() {
                    if row != rank {
                        let factor = rows[row][column] / rows[rank][column];
                        let pivot = rows[rank].clone();
                        rows[row].iter_mut().zip(pivot).for_each(|(number, pivot)| *number -= factor * pivot);
                    }
                }
                rank += 1;
            }
            rank
        };
        let alone = equation(&|index| index == cell);
        let before = rank(system.clone());
        system.push(alone);
        rank(system) == before
    }

    #[test]
    fn a_worked_example() {
        // One cell with 2 users. Its row and column would give it away, so that a rectangle is hidden: of those the one with
        // the fewest users, 2, 6, 5, 7.
        let table = with_totals(&[2, 9, 6, 8, 20, 30, 5, 11, 7], 3);
        let Suppressed { cells } = suppress(&table, 3, 5, BOTH).unwrap();
        let hidden: Vec<usize> = (0..16).filter(|&index| cells[index] != Cell::Shown).collect();
        assert_eq!(hidden, [0, 2, 8, 10]);
        assert_eq!((cells[0], cells[2]), (Cell::Few, Cell::Complement));
    }

    #[test]
    fn without_totals_only_what_has_few_users_is_hidden() {
        let table = with_totals(&[2, 9, 6, 8, 20, 30], 3);
        let Suppressed { cells } = suppress(&table, 3, 5, Totals { rows: false, columns: false }).unwrap();
        assert_eq!(cells.iter().filter(|&&cell| cell == Cell::Few).count(), 1);
        assert!(!cells.contains(&Cell::Complement));
    }

    #[test]
    fn senseless_questions_are_refused() {
        assert!(suppress(&[1, 2, 3, 4], 1, 1, BOTH).is_err());
        assert!(suppress(&[1, 2, 3], 1, 2, BOTH).is_err());
        assert!(suppress(&[], 3, 2, BOTH).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

        #[test]
        fn no_hidden_cell_follows_and_none_with_few_users_is_shown(
            columns in 1usize..6,
            counts in prop::collection::vec(prop_oneof![Just(0u32), 1u32..5, 5u32..60], 1..30),
            k in 2u32..8,
            rows in any::<bool>(),
            of_columns in any::<bool>(),
        ) {
            let counts = &counts[..counts.len() / columns * columns];
            prop_assume!(!counts.is_empty());
            let table = with_totals(counts, columns);
            let Suppressed { cells } = suppress(&table, columns, k, Totals { rows, columns: of_columns }).unwrap();
            for (index, &cell) in cells.iter().enumerate() {
                prop_assert!(cell != Cell::Shown || table[index] == 0 || table[index] >= k);
                if cell == Cell::Few || cell == Cell::Complement {
                    prop_assert!(!follows(&cells, columns + 1, index), "cell {} of {:?}", index, cells);
                }
            }
        }
    }
}
