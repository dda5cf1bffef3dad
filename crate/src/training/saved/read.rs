//! From a JSON document and its tensors back to a value: a serde deserialiser.

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, MapAccess, VariantAccess, Visitor,
        value::{Error, MapDeserializer, SeqDeserializer, StringDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::Value;

use super::TENSOR;

/// A part of the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    value: &'a Value,
    tensors: &'a SafeTensors<'a>,
}

impl<'a> Reader<'a> {
    pub fn new(value: &'a Value, tensors: &'a SafeTensors<'a>) -> Reader<'a> {
        Reader { value, tensors }
    }

    fn at(self, value: &'a Value) -> Reader<'a> {
        Reader { value, ..self }
    }

    /// The tensor that the value stands for, if it does.
    fn tensor(self) -> Result<Option<TensorView<'a>>, Error> {
        match self.value.as_object().and_then(|map| map.get(TENSOR)) {
            Some(Value::String(name)) => self.tensors.tensor(name).map(Some).map_err(Error::custom),
            Some(_) => Err(Error::custom("a tensor's name is no text")),
            None => Ok(None),
        }
    }
}

/// Calls `$visit` with an iterator over a tensor's numbers.
macro_rules! numbers {
    ($view:expr, $list:ident => $body:expr; $($dtype:ident $type:ty),*) => {
        match $view.dtype() {
            $(Dtype::$dtype => {
                let chunks = $view.data().as_chunks::<{ size_of::<$type>() }>().0;
                let $list = chunks.iter().map(|bytes| <$type>::from_le_bytes(*bytes));
                $body
            })*
            other => Err(Error::custom(format!("numbers of type {other} are not read"))),
        }
    };
}

fn visit_tensor<'de, V: Visitor<'de>>(view: &TensorView<'_>, visitor: V) -> Result<V::Value, Error> {
    let scalar = view.shape().is_empty();
    numbers!(view, list => {
        let mut list = list;
        if scalar {
            let number = list.next().ok_or_else(|| Error::custom("a number without bytes"))?;
            return IntoDeserializer::<Error>::into_deserializer(number).deserialize_any(visitor);
        }
        let mut access = SeqDeserializer::<_, Error>::new(list);
        let value = visitor.visit_seq(&mut access)?;
        access.end()?;
        Ok(value)
    }; F32 f32, F64 f64, U8 u8, U16 u16, U32 u32, U64 u64, I8 i8, I16 i16, I32 i32, I64 i64)
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if let Some(view) = self.tensor()? {
            return visit_tensor(&view, visitor);
        }
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (_, _, Some(number)) => visitor.visit_f64(number),
                _ => Err(Error::custom("a number that fits no type")),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(list) => {
                let mut access = SeqDeserializer::new(list.iter().map(|value| self.at(value)));
                let value = visitor.visit_seq(&mut access)?;
                access.end()?;
                Ok(value)
            }
            Value::Object(map) => {
                let entries = map.iter().map(|(key, value)| (key.as_str(), self.at(value)));
                let mut access = MapDeserializer::new(entries);
                let value = visitor.visit_map(&mut access)?;
                access.end()?;
                Ok(value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// A map whose keys are no strings is a list of pairs.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Array(pairs) => visitor.visit_map(Pairs { reader: self, pairs: pairs.iter(), value: None }),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value {
            Value::String(name) => visitor.visit_enum(Variant { name, content: None }),
            Value::Object(map) if map.len() == 1 => match map.iter().next() {
                Some((name, value)) => visitor.visit_enum(Variant { name, content: Some(self.at(value)) }),
                None => Err(Error::custom("a variant without a name")),
            },
            _ => Err(Error::custom("no variant of an enumeration")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct struct identifier ignored_any
    }
}

impl IntoDeserializer<'_, Error> for Reader<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

struct Pairs<'a> {
    reader: Reader<'a>,
    pairs: std::slice::Iter<'a, Value>,
    value: Option<&'a Value>,
}

impl<'de> MapAccess<'de> for Pairs<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(pair) = self.pairs.next() else { return Ok(None) };
        match pair.as_array().map(Vec::as_slice) {
            Some([key, value]) => {
                self.value = Some(value);
                seed.deserialize(self.reader.at(key)).map(Some)
            }
            _ => Err(Error::custom("no pair of a key and a value")),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let value = self.value.take().ok_or_else(|| Error::custom("a value without a key"))?;
        seed.deserialize(self.reader.at(value))
    }
}

struct Variant<'a> {
    name: &'a str,
    content: Option<Reader<'a>>,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Error;
    type Variant = Content<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<'a>), Error> {
        let name: StringDeserializer<Error> = self.name.to_owned().into_deserializer();
        Ok((seed.deserialize(name)?, Content(self.content)))
    }
}

struct Content<'a>(Option<Reader<'a>>);

impl<'a> Content<'a> {
    fn reader(self) -> Result<Reader<'a>, Error> {
        self.0.ok_or_else(|| Error::custom("a variant without its content"))
    }
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.0 {
            None => Ok(()),
            Some(_) => Err(Error::custom("a variant with a content that it does not have")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.reader()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.reader()?.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.reader()?.deserialize_any(visitor)
    }
}
