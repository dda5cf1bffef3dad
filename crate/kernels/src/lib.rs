//! What driftscope does millions of times: the sparse product of a training step, the search for the end of a record and
//! the lookup of a name for every row that is read. A crate of its own, since cargo sets the optimisation level by crate: the
//! engine that everyone fetches is built for size, these loops for speed.

mod dictionary;
mod order;
mod scan;
mod sparse;

pub use dictionary::Dictionary;
pub use order::Order;
pub use scan::{Found, QUOTED_LINES, Scan};
pub use sparse::sparse_product;
