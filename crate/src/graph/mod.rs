//! Who touched what, as sparse matrices: the graph of users, items and domains that networks convolve over and that
//! collaborative filtering compares.

mod csr;

pub use csr::Csr;
