//! Long work with pauses.

use crate::{Error, Result, graph::Csr, training::Observer};

/// Seconds of work between two pauses.
const BETWEEN: f64 = 0.02;

/// Pauses where enough time has passed since the last pause: a browser's worker is deaf in between.
#[derive(Debug)]
pub(in crate::training) struct Pace {
    last: f64,
}

impl Pace {
    /// Starts to count.
    pub fn new(observer: &mut impl Observer) -> Pace {
        Pace { last: observer.seconds() }
    }

    /// Called after each small piece of work.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub async fn step(&mut self, observer: &mut impl Observer) -> Result<()> {
        if observer.seconds() - self.last < BETWEEN {
            return Ok(());
        }
        observer.pause().await;
        if observer.cancelled() {
            return Err(Error::Cancelled);
        }
        self.last = observer.seconds();
        Ok(())
    }
}

/// A matrix from rows that take their time.
///
/// # Errors
/// [`Error::Cancelled`].
pub(super) async fn matrix(
    columns: usize,
    rows: impl Iterator<Item = Vec<(u32, f32)>>,
    observer: &mut impl Observer,
) -> Result<Csr> {
    let mut pace = Pace::new(observer);
    let mut matrix = Csr::without_rows(columns);
    for row in rows {
        matrix.push_row(row);
        pace.step(observer).await?;
    }
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::TrainingProgress;

    /// A clock that goes on by a number of seconds whenever it is read, and a person who cancels after some pauses.
    struct Clock {
        now: f64,
        tick: f64,
        pauses: usize,
        patience: usize,
    }

    impl Observer for Clock {
        fn progress(&mut self, _: TrainingProgress) {}

        fn cancelled(&mut self) -> bool {
            self.pauses > self.patience
        }

        fn seconds(&mut self) -> f64 {
            self.now += self.tick;
            self.now
        }

        async fn pause(&mut self) {
            self.pauses += 1;
        }
    }

    #[test]
    fn slow_rows_pause_and_can_be_cancelled_and_quick_ones_do_not() {
        let rows = || (0..100).map(|row| vec![(row % 7, 1.0)]);
        let run = |tick: f64, patience: usize| {
            let mut clock = Clock { now: 0.0, tick, pauses: 0, patience };
            let found = pollster::block_on(matrix(7, rows(), &mut clock));
            (found.map(|matrix| matrix.len()), clock.pauses)
        };
        assert!(matches!(run(1e-6, 0), (Ok(100), 0)));
        assert!(matches!(run(0.05, 1000), (Ok(100), 100)));
        let (found, pauses) = run(0.05, 10);
        assert!(matches!(found, Err(Error::Cancelled)));
        assert_eq!(pauses, 11);
    }
}
