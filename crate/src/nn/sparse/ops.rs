//! The product as an operation of burn's backends, with its gradient.

use burn::backend::{
    Autodiff, Backend, ExtensionType,
    autodiff::{
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients,
        ops::{Backward, Ops, OpsKind},
    },
    backend_extension,
    tensor::{FloatTensor, IntTensor},
};

/// Compressed sparse rows in a backend's own tensors: `u32` offsets \[rows + 1\], `u32` columns and `f32` values of the
/// entries. No entry's column may lie outside the matrix.
#[derive(Debug, Clone, ExtensionType)]
pub struct CsrTensors<B: Backend> {
    pub offsets: IntTensor<B>,
    pub indices: IntTensor<B>,
    pub values: FloatTensor<B>,
}

/// Backends that multiply a sparse matrix by a dense one.
#[backend_extension(Autodiff, Flex: cfg(feature = "cpu"), Cube: cfg(feature = "webgpu"))]
pub trait SparseBackend: Backend {
    /// `matrix` \[rows, columns\] times `x` \[columns, width\]. `transposed` is the same matrix with rows and columns
    /// exchanged, which the gradient needs.
    fn spmm(
        x: FloatTensor<Self>,
        #[extension_type] matrix: CsrTensors<Self>,
        #[extension_type] transposed: CsrTensors<Self>,
    ) -> FloatTensor<Self>;
}

/// The gradient for X of Y = A X is Aᵀ G, where G is the one for Y: the same operation with the two matrices exchanged.
#[derive(Debug)]
struct SpmmBackward;

impl<B: SparseBackend> Backward<B, 1> for SpmmBackward {
    type State = [CsrTensors<B>; 2];

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [x] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        let [matrix, transposed] = ops.state;
        if let Some(x) = x {
            gradients.register::<B>(x.id, B::spmm(gradient, transposed, matrix));
        }
    }
}

impl<B: SparseBackend, C: CheckpointStrategy> SparseBackend for Autodiff<B, C> {
    fn spmm(x: FloatTensor<Self>, matrix: CsrTensors<Self>, transposed: CsrTensors<Self>) -> FloatTensor<Self> {
        // The matrix itself is a constant.
        let [matrix, transposed] = [matrix, transposed].map(|CsrTensors { offsets, indices, values }| CsrTensors {
            offsets,
            indices,
            values: values.into_primitive(),
        });
        let (x, node) = x.into_parts();
        match SpmmBackward.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let state = [matrix.clone(), transposed.clone()];
                prepared.finish(state, B::spmm(x, matrix, transposed))
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::spmm(x, matrix, transposed)),
        }
    }
}
