//! From a value to tensors and a JSON document: a serde serialiser.
//!
//! As in [`super::read`], what is generic only calls the value's own code and hands the result to code that all types share.

use std::collections::BTreeSet;

use safetensors::Dtype;
use serde::{
    Serialize, Serializer,
    de::value::Error,
    ser::{self, Error as _},
};
use serde_json::{Map, Value};

use super::{
    TENSOR,
    column::{Column, Int, Node},
};

/// One tensor of a file.
#[derive(Debug)]
pub(super) struct Tensor {
    pub name: String,
    pub dtype: Dtype,
    pub shape: Vec<usize>,
    pub bytes: Vec<u8>,
}

#[derive(Debug)]
enum Step {
    Key(String),
    Field(&'static str),
    Index(usize),
}

/// Takes the numbers out of a value.
#[derive(Debug)]
pub(super) struct Sink {
    path: Vec<Step>,
    names: BTreeSet<String>,
    tensors: Vec<Tensor>,
}

impl Sink {
    /// `reserved`: a tensor name that is not to be given.
    pub fn new(reserved: &str) -> Sink {
        Sink { path: Vec::new(), names: BTreeSet::from([reserved.to_owned()]), tensors: Vec::new() }
    }

    /// The document of a value; its numbers are kept.
    pub fn document<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<Value, Error> {
        let node = value.serialize(&mut *self)?;
        Ok(self.finish(node))
    }

    /// What was kept.
    pub fn into_tensors(self) -> Vec<Tensor> {
        self.tensors
    }

    fn document_under<T: Serialize + ?Sized>(&mut self, step: Step, value: &T) -> Result<Value, Error> {
        self.path.push(step);
        let document = self.document(value);
        self.path.pop();
        document
    }

    fn finish_under(&mut self, step: Step, node: Node) -> Value {
        self.path.push(step);
        let document = self.finish(node);
        self.path.pop();
        document
    }

    fn finish(&mut self, node: Node) -> Value {
        match node {
            Node::Document(value) => value,
            Node::Int(number) => number.value(),
            Node::F32(number) => match exact(f64::from(number)) {
                Some(value) => value,
                None => self.keep(Dtype::F32, Vec::new(), number.to_le_bytes().to_vec()),
            },
            Node::F64(number) => match exact(number) {
                Some(value) => value,
                None => self.keep(Dtype::F64, Vec::new(), number.to_le_bytes().to_vec()),
            },
        }
    }

    fn finish_list(&mut self, column: Column) -> Value {
        if let Some((dtype, length, bytes)) = column.bytes() {
            return self.keep(dtype, vec![length], bytes);
        }
        let nodes = column.nodes().into_iter().enumerate();
        nodes.map(|(index, node)| self.finish_under(Step::Index(index), node)).collect()
    }

    /// Keeps a tensor and gives what stands for it in the document.
    fn keep(&mut self, dtype: Dtype, shape: Vec<usize>, bytes: Vec<u8>) -> Value {
        let steps: Vec<String> = self
            .path
            .iter()
            .map(|step| match step {
                Step::Key(key) => key.clone(),
                Step::Field(name) => (*name).to_owned(),
                Step::Index(index) => index.to_string(),
            })
            .collect();
        let mut name = steps.join(".");
        // Keys may hold dots, so that two paths may read the same.
        while !self.names.insert(name.clone()) {
            name.push('_');
        }
        self.tensors.push(Tensor { name: name.clone(), dtype, shape, bytes });
        Value::Object(Map::from_iter([(TENSOR.to_owned(), Value::String(name))]))
    }
}

/// A number as JSON, if its text reads back to the same bits: JSON has no NaN, and its reader may round.
fn exact(number: f64) -> Option<Value> {
    let value = Value::from(number);
    let back: f64 = serde_json::from_str(&value.to_string()).ok()?;
    (back.to_bits() == number.to_bits()).then_some(value)
}

/// A list that is being written.
pub(super) struct List<'a> {
    sink: &'a mut Sink,
    column: Column,
    length: usize,
    /// Name of the enum's variant that the list belongs to.
    variant: Option<&'static str>,
}

impl List<'_> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.sink.path.push(Step::Index(self.length));
        let node = value.serialize(&mut *self.sink);
        self.sink.path.pop();
        self.add(node?);
        Ok(())
    }

    fn add(&mut self, node: Node) {
        self.length += 1;
        let Some(node) = self.column.take(node) else { return };
        let mut values = Vec::with_capacity(self.length);
        let column = std::mem::replace(&mut self.column, Column::Empty);
        for (index, node) in column.nodes().into_iter().chain([node]).enumerate() {
            values.push(self.sink.finish_under(Step::Index(index), node));
        }
        self.column = Column::Mixed(values);
    }

    fn close(self) -> Node {
        let value = self.sink.finish_list(self.column);
        Node::Document(match self.variant {
            Some(name) => {
                self.sink.path.pop();
                tagged(name, value)
            }
            None => value,
        })
    }
}

fn tagged(variant: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(variant.to_owned(), value)]))
}

/// A struct or map that is being written.
pub(super) struct Entries<'a> {
    sink: &'a mut Sink,
    map: Map<String, Value>,
    /// Pairs of a map whose keys are not all strings.
    pairs: Vec<Value>,
    key: Option<Value>,
    variant: Option<&'static str>,
}

impl Entries<'_> {
    fn insert(&mut self, name: &str, value: Value) -> Result<(), Error> {
        if name == TENSOR {
            return Err(Error::custom(format!("a field or key cannot be called {TENSOR}")));
        }
        self.map.insert(name.to_owned(), value);
        Ok(())
    }

    fn take_key(&mut self) -> Result<(Value, Step), Error> {
        let key = self.key.take().ok_or_else(|| Error::custom("a value without a key"))?;
        let step = Step::Key(key.as_str().map_or_else(|| key.to_string(), str::to_owned));
        Ok((key, step))
    }

    fn pair(&mut self, key: Value, value: Value) -> Result<(), Error> {
        match key {
            Value::String(key) => self.insert(&key, value),
            key => {
                self.pairs.push(Value::Array(vec![key, value]));
                Ok(())
            }
        }
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let value = self.sink.document_under(Step::Field(name), value)?;
        self.insert(name, value)
    }

    fn close(self) -> Node {
        let value = if self.pairs.is_empty() { Value::Object(self.map) } else { Value::Array(self.pairs) };
        Node::Document(match self.variant {
            Some(name) => {
                self.sink.path.pop();
                tagged(name, value)
            }
            None => value,
        })
    }
}

macro_rules! scalars {
    ($($method:ident $type:ty => $make:expr;)*) => {
        $(fn $method(self, number: $type) -> Result<Node, Error> {
            Ok($make(number))
        })*
    };
}

impl<'a> Serializer for &'a mut Sink {
    type Ok = Node;
    type Error = Error;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = List<'a>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Entries<'a>;
    type SerializeStructVariant = Entries<'a>;

    scalars! {
        serialize_bool bool => |flag| Node::Document(Value::Bool(flag));
        serialize_i8 i8 => |n| Node::Int(Int::I8(n));
        serialize_i16 i16 => |n| Node::Int(Int::I16(n));
        serialize_i32 i32 => |n| Node::Int(Int::I32(n));
        serialize_i64 i64 => |n| Node::Int(Int::I64(n));
        serialize_u8 u8 => |n| Node::Int(Int::U8(n));
        serialize_u16 u16 => |n| Node::Int(Int::U16(n));
        serialize_u32 u32 => |n| Node::Int(Int::U32(n));
        serialize_u64 u64 => |n| Node::Int(Int::U64(n));
        serialize_f32 f32 => Node::F32;
        serialize_f64 f64 => Node::F64;
        serialize_char char => |letter: char| Node::Document(Value::String(letter.to_string()));
        serialize_str &str => |text: &str| Node::Document(Value::String(text.to_owned()));
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Node, Error> {
        bytes.serialize(self)
    }

    fn serialize_none(self) -> Result<Node, Error> {
        Ok(Node::Document(Value::Null))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node, Error> {
        self.document(value).map(Node::Document)
    }

    fn serialize_unit(self) -> Result<Node, Error> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Node, Error> {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Node, Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Node, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Node, Error> {
        let value = self.document_under(Step::Field(variant), value)?;
        Ok(Node::Document(tagged(variant, value)))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a>, Error> {
        Ok(List { sink: self, column: Column::Empty, length: 0, variant: None })
    }

    fn serialize_tuple(self, length: usize) -> Result<List<'a>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List<'a>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List<'a>, Error> {
        self.path.push(Step::Field(variant));
        Ok(List { sink: self, column: Column::Empty, length: 0, variant: Some(variant) })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'a>, Error> {
        Ok(Entries { sink: self, map: Map::new(), pairs: Vec::new(), key: None, variant: None })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Entries<'a>, Error> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Entries<'a>, Error> {
        self.path.push(Step::Field(variant));
        Ok(Entries { sink: self, map: Map::new(), pairs: Vec::new(), key: None, variant: Some(variant) })
    }
}

macro_rules! lists {
    ($($trait:ident $method:ident;)*) => {
        $(impl ser::$trait for List<'_> {
            type Ok = Node;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.push(value)
            }

            fn end(self) -> Result<Node, Error> {
                Ok(self.close())
            }
        })*
    };
}

lists! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = Node;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = Some(self.sink.document_under(Step::Field("key"), key)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let (key, step) = self.take_key()?;
        let value = self.sink.document_under(step, value)?;
        self.pair(key, value)
    }

    fn end(self) -> Result<Node, Error> {
        if !self.pairs.is_empty() && !self.map.is_empty() {
            return Err(Error::custom("a map with keys of several types"));
        }
        Ok(self.close())
    }
}

macro_rules! structs {
    ($($trait:ident;)*) => {
        $(impl ser::$trait for Entries<'_> {
            type Ok = Node;
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.field(name, value)
            }

            fn end(self) -> Result<Node, Error> {
                Ok(self.close())
            }
        })*
    };
}

structs! {
    SerializeStruct;
    SerializeStructVariant;
}
