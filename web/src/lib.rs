//! The wasm-bindgen layer of the npm package `driftscope`: converts values and calls the core, nothing else. Its
//! TypeScript side is `worker/binding.ts`.

mod host;
mod panic;
mod session;
mod value;

pub use host::Host;
pub use panic::set_panic_reporter;
pub use session::Session;
