//! Adaptive learning: a trained model takes in what is new without starting over.
//!
//! In: a model, a log that went on and its windows. Out: the model carried along (counts, popularity and new domains) and,
//! where whole windows are new, with parameters that a few gradient steps moved: on the new windows' instances mixed with
//! some older ones (experience replay, Rolnick et al. 2019), faster where the crowd's interest drifts, and only where
//! it does no damage to the forecasts of users of the newest window that were held out.

mod drift;
mod learner;
mod replay;
mod update;

pub use drift::{CrowdDrift, crowd_drift};
pub(super) use learner::go_on;
pub use learner::{Learned, Learner, Pace};
pub use update::{UpdateOptions, Updated, WindowsUpdate, update};

#[cfg(test)]
mod tests;
