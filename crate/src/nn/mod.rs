//! The networks, their optimiser, and the device they run on. Shapes and arithmetic only: what the numbers mean is known
//! in [`crate::training`]. The same code runs on both engines.

mod adamw;
mod convolution;
mod device;
mod fusion;
mod init;
mod network;
mod parameters;
mod sparse;

pub use adamw::{AdamW, Moments};
pub use burn::tensor::Device;
pub use convolution::{Convolution, GraphInputs, Masks};
pub use device::{device, engine, read};
pub use fusion::Fusion;
pub use network::{Inputs, Shape};
pub use parameters::Parameters;
pub use sparse::Sparse;
