//! The compute device of this build's engine.

use burn::tensor::Device;

use crate::Result;

/// Name of the engine that [`device`] gives: `cpu` or `webgpu`.
pub const fn engine() -> &'static str {
    if cfg!(feature = "webgpu") { "webgpu" } else { "cpu" }
}

/// The engine's device, without gradients.
///
/// # Errors
/// Never: the CPU is always there.
#[cfg(not(feature = "webgpu"))]
pub async fn device() -> Result<Device> {
    Ok(Device::flex())
}

/// The engine's device, without gradients. The GPU is asked for once; later calls give the same device.
///
/// # Errors
/// [`crate::Error::Device`] where there is no WebGPU adapter.
#[cfg(feature = "webgpu")]
pub async fn device() -> Result<Device> {
    use std::sync::OnceLock;
    static DEVICE: OnceLock<Device> = OnceLock::new();
    if let Some(device) = DEVICE.get() {
        return Ok(device.clone());
    }
    let device = Device::wgpu_options()
        .init_async()
        .await
        .map_err(|error| crate::Error::Device { hint: format!("WebGPU cannot be started: {error}") })?;
    Ok(DEVICE.get_or_init(|| device).clone())
}
