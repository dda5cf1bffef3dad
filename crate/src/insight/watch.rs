//! Long work between a report of how far it is and a look at whether it is still wanted.

use crate::{
    Error, Result,
    training::{Observer, TrainingProgress},
};

/// Reports `done` of `total` steps, lets messages in, and hears a cancel.
///
/// # Errors
/// [`Error::Cancelled`].
pub(super) async fn step(observer: &mut impl Observer, (done, total): (usize, usize)) -> Result<()> {
    observer.progress(TrainingProgress { stage: "insight", model: None, done: done.min(total), total, point: None });
    observer.pause().await;
    if observer.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
}
