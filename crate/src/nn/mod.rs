//! The networks, their optimiser, and the device they run on. Shapes and arithmetic only: what the numbers mean is known
//! in [`crate::training`]. The same code runs on both engines.

mod adamw;
mod attention;
mod convolution;
mod device;
mod dropout;
mod forecaster;
mod fusion;
mod init;
mod item_graph;
mod network;
mod parameters;
mod sequence;
mod sparse;

pub use adamw::{AdamW, Moments};
pub use attention::{AttentionShape, causal_attention};
pub use burn::tensor::Device;
pub use convolution::{Convolution, GraphInputs, Masks};
pub use device::{device, engine, read};
pub use dropout::Dropout;
pub use forecaster::{FORECASTER_PARAMETERS, ForecasterInputs, ForecasterShape};
pub use fusion::Fusion;
pub use init::Normal;
pub use item_graph::{DIRECTIONS, ItemGraphShape};
pub use network::{Inputs, Shape};
pub use parameters::Parameters;
pub use sequence::{SequenceShape, candidate_scores, softmax_loss, target_scores};
pub use sparse::Sparse;
