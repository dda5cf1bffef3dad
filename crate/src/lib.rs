//! Driftscope's core: a behaviour log in, interest evolution, transfer and forecasts out.
//!
//! The modules follow the data, and arrows run one way, in this order:
//!
//! [`event`] (columnar log) → [`ingest`] (readers, presets, mapping, cleaning, quality report) → [`interest`] (windows,
//! profiles, evolution, transfer, drift) → [`graph`] (sparse matrices) → [`nn`] (networks) and [`cf`] (neighbours, ridge
//! regression) → [`training`] (fit, split, checkpoints) → [`evaluation`] (metrics, baselines, protocols) → [`insight`] (explanations) →
//! [`privacy`] (pseudonyms, k-anonymity, differential privacy). [`synth`] makes logs with known truth. Nothing in here knows the browser.

pub mod cf;
pub mod error;
pub mod evaluation;
pub mod event;
pub mod graph;
pub mod ingest;
pub mod insight;
pub mod interest;
mod memory;
pub mod nn;
pub mod privacy;
pub mod synth;
mod time_zone;
pub mod training;

pub use error::{Error, Result};
pub use memory::MEMORY;
