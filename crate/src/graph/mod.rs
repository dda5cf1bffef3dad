//! Who touched what, as sparse matrices: the graph of users, items and domains that networks convolve over and that
//! collaborative filtering compares.

mod csr;
mod neighbours;
mod transitions;

pub use csr::Csr;
pub use neighbours::{Resemblance, neighbours, social, touched};
pub use transitions::Transitions;
