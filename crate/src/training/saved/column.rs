//! Lists that are being written: numbers of one type as long as they can, pieces of a document otherwise.

use safetensors::Dtype;
use serde_json::Value;

/// Whole numbers stay readable in the document up to this many.
const FEW: usize = 16;

/// A serialised part: a number that may join others, or a finished piece of the document.
#[derive(Debug)]
pub(super) enum Node {
    F32(f32),
    F64(f64),
    Int(Int),
    Document(Value),
}

macro_rules! ints {
    ($($variant:ident $type:ty, $column:ident;)*) => {
        /// A whole number of any width.
        #[derive(Debug, Clone, Copy)]
        pub(super) enum Int {
            $($variant($type),)*
        }

        /// Numbers of one type, as long as a list holds no other.
        #[derive(Debug)]
        pub(super) enum Column {
            Empty,
            F32(Vec<f32>),
            F64(Vec<f64>),
            $($column(Vec<$type>),)*
            Mixed(Vec<Value>),
        }

        impl Int {
            pub fn value(self) -> Value {
                match self {
                    $(Int::$variant(number) => Value::from(number),)*
                }
            }
        }

        impl Column {
            /// Adds a node if it is of the list's type; gives it back otherwise.
            pub fn take(&mut self, node: Node) -> Option<Node> {
                match (&mut *self, node) {
                    (Column::F32(list), Node::F32(number)) => list.push(number),
                    (Column::F64(list), Node::F64(number)) => list.push(number),
                    $((Column::$column(list), Node::Int(Int::$variant(number))) => list.push(number),)*
                    (Column::Mixed(list), Node::Document(value)) => list.push(value),
                    (Column::Empty, Node::F32(number)) => *self = Column::F32(vec![number]),
                    (Column::Empty, Node::F64(number)) => *self = Column::F64(vec![number]),
                    $((Column::Empty, Node::Int(Int::$variant(number))) => *self = Column::$column(vec![number]),)*
                    (Column::Empty, Node::Document(value)) => *self = Column::Mixed(vec![value]),
                    (_, node) => return Some(node),
                }
                None
            }

            /// The same list as nodes.
            pub fn nodes(self) -> Vec<Node> {
                match self {
                    Column::Empty => Vec::new(),
                    Column::F32(list) => list.into_iter().map(Node::F32).collect(),
                    Column::F64(list) => list.into_iter().map(Node::F64).collect(),
                    $(Column::$column(list) => list.into_iter().map(|n| Node::Int(Int::$variant(n))).collect(),)*
                    Column::Mixed(list) => list.into_iter().map(Node::Document).collect(),
                }
            }

            /// Type and bytes of a list that becomes a tensor.
            pub fn bytes(&self) -> Option<(Dtype, usize, Vec<u8>)> {
                match self {
                    Column::F32(list) => Some((Dtype::F32, list.len(), le_bytes!(list))),
                    Column::F64(list) => Some((Dtype::F64, list.len(), le_bytes!(list))),
                    $(Column::$column(list) if list.len() > FEW => {
                        Some((Dtype::$column, list.len(), le_bytes!(list)))
                    })*
                    _ => None,
                }
            }
        }
    };
}

macro_rules! le_bytes {
    ($list:expr) => {
        $list.iter().flat_map(|number| number.to_le_bytes()).collect()
    };
}

ints! {
    U8 u8, U8;
    U16 u16, U16;
    U32 u32, U32;
    U64 u64, U64;
    I8 i8, I8;
    I16 i16, I16;
    I32 i32, I32;
    I64 i64, I64;
}
