//! The compute device of this build's engine.

use burn::tensor::{Device, Tensor};

use crate::{Error, Result};

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
/// [`Error::Device`] where there is no WebGPU adapter.
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
        .map_err(|error| Error::Device { hint: format!("WebGPU cannot be started: {error}") })?;
    Ok(DEVICE.get_or_init(|| device).clone())
}

/// The numbers of a tensor, row-major. Never blocks, which a browser does not allow.
///
/// # Errors
/// [`Error::Device`] where the device was lost.
pub async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor.into_data_async().await.map_err(|error| Error::Device { hint: format!("{error:?}") })?;
    data.try_to_vec::<f32>().map_err(|error| Error::Device { hint: format!("{error:?}") })
}
