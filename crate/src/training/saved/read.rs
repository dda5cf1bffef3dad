//! From a JSON document and its tensors back to a value: a serde deserialiser.
//!
//! Every type that is saved brings its own copy of what is generic here. So each method looks its one kind of part up with
//! code that all types share, and only hands the result to the type's visitor.

use safetensors::SafeTensors;
use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
        VariantAccess, Visitor, value::Error,
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value, map};

use super::{
    TENSOR,
    numbers::{Number, Numbers},
};

/// A part of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    part: Part<'a>,
    tensors: &'a SafeTensors<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    /// A piece of the document.
    Document(&'a Value),
    /// One of a tensor's numbers.
    Number(Number),
    /// A key, or the name of a variant.
    Name(&'a str),
}

/// What a part holds.
enum Found<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'a str),
    List(List<'a>),
    Map(&'a Map<String, Value>),
}

impl<'a> Reader<'a> {
    pub fn new(value: &'a Value, tensors: &'a SafeTensors<'a>) -> Reader<'a> {
        Reader { part: Part::Document(value), tensors }
    }

    fn at(self, part: Part<'a>) -> Reader<'a> {
        Reader { part, ..self }
    }

    fn find(self) -> Result<Found<'a>, Error> {
        let value = match self.part {
            Part::Number(number) => return Ok(Found::Number(number)),
            Part::Name(name) => return Ok(Found::Text(name)),
            Part::Document(value) => value,
        };
        Ok(match value {
            Value::Null => Found::Null,
            Value::Bool(flag) => Found::Bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => Found::Number(Number::Unsigned(number)),
                (_, Some(number), _) => Found::Number(Number::Signed(number)),
                (_, _, Some(number)) => Found::Number(Number::Double(number)),
                _ => return Err(Error::custom("a number that fits no type")),
            },
            Value::String(text) => Found::Text(text),
            Value::Array(list) => Found::List(List { reader: self, items: Items::Document(list.iter()) }),
            Value::Object(map) => match map.get(TENSOR) {
                None => Found::Map(map),
                Some(Value::String(name)) => self.tensor(name)?,
                Some(_) => return Err(Error::custom("a tensor's name is no text")),
            },
        })
    }

    /// A tensor without dimensions is a number, any other a list.
    fn tensor(self, name: &str) -> Result<Found<'a>, Error> {
        let view = self.tensors.tensor(name).map_err(Error::custom)?;
        let mut numbers = Numbers::of(&view)?;
        if !view.shape().is_empty() {
            return Ok(Found::List(List { reader: self, items: Items::Tensor(numbers) }));
        }
        numbers.next().map(Found::Number).ok_or_else(|| Error::custom("a number without bytes"))
    }

    fn number(self, expected: &dyn Expected) -> Result<Number, Error> {
        match self.find()? {
            Found::Number(number) => Ok(number),
            other => Err(other.mismatch(expected)),
        }
    }

    fn text(self, expected: &dyn Expected) -> Result<&'a str, Error> {
        match self.find()? {
            Found::Text(text) => Ok(text),
            other => Err(other.mismatch(expected)),
        }
    }

    fn list(self, expected: &dyn Expected) -> Result<List<'a>, Error> {
        match self.find()? {
            Found::List(list) => Ok(list),
            other => Err(other.mismatch(expected)),
        }
    }

    /// A map whose keys are no strings is a list of pairs.
    fn entries(self, expected: &dyn Expected) -> Result<Entries<'a>, Error> {
        match self.find()? {
            Found::Map(map) => Ok(Entries { reader: self, pairs: Pairs::Map(map.iter()), value: None }),
            Found::List(List { items: Items::Document(list), .. }) => {
                Ok(Entries { reader: self, pairs: Pairs::List(list), value: None })
            }
            other => Err(other.mismatch(expected)),
        }
    }

    fn variant(self) -> Result<Variant<'a>, Error> {
        match self.part {
            Part::Document(Value::String(name)) => Ok(Variant { reader: self, name, content: None }),
            Part::Document(Value::Object(map)) if map.len() == 1 => match map.iter().next() {
                Some((name, value)) => Ok(Variant { reader: self, name, content: Some(value) }),
                None => Err(Error::custom("a variant without a name")),
            },
            _ => Err(Error::custom("no variant of an enumeration")),
        }
    }

    fn is_null(self) -> bool {
        matches!(self.part, Part::Document(Value::Null))
    }
}

impl Found<'_> {
    fn mismatch(&self, expected: &dyn Expected) -> Error {
        let unexpected = match self {
            Found::Null => Unexpected::Unit,
            Found::Bool(flag) => Unexpected::Bool(*flag),
            Found::Number(number) => number.unexpected(),
            Found::Text(text) => Unexpected::Str(text),
            Found::List(_) => Unexpected::Seq,
            Found::Map(_) => Unexpected::Map,
        };
        Error::invalid_type(unexpected, expected)
    }
}

/// Methods that ask for a number; the visitor converts it.
macro_rules! numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.number(&visitor)? {
                Number::Unsigned(number) => visitor.visit_u64(number),
                Number::Signed(number) => visitor.visit_i64(number),
                Number::Single(number) => visitor.visit_f32(number),
                Number::Double(number) => visitor.visit_f64(number),
            }
        })*
    };
}

macro_rules! texts {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let text = self.text(&visitor)?;
            visitor.visit_str(text)
        })*
    };
}

macro_rules! lists {
    ($($method:ident($($ignored:ty),*);)*) => {
        $(fn $method<V: Visitor<'de>>(self, $(_: $ignored,)* visitor: V) -> Result<V::Value, Error> {
            let mut list = self.list(&visitor)?;
            let value = visitor.visit_seq(&mut list)?;
            list.end()?;
            Ok(value)
        })*
    };
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Error;

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_f32 deserialize_f64
    }

    texts! { deserialize_str deserialize_string deserialize_char deserialize_identifier }

    lists! {
        deserialize_seq();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_tuple(usize);
        deserialize_tuple_struct(&'static str, usize);
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.find()? {
            Found::Null => visitor.visit_unit(),
            Found::Bool(flag) => visitor.visit_bool(flag),
            Found::Number(_) => self.deserialize_f64(visitor),
            Found::Text(text) => visitor.visit_str(text),
            Found::List(_) => self.deserialize_seq(visitor),
            Found::Map(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.find()? {
            Found::Bool(flag) => visitor.visit_bool(flag),
            other => Err(other.mismatch(&visitor)),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.find()? {
            Found::Null => visitor.visit_unit(),
            other => Err(other.mismatch(&visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut entries = self.entries(&visitor)?;
        let value = visitor.visit_map(&mut entries)?;
        entries.end()?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.variant()?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 }
}

impl IntoDeserializer<'_, Error> for Reader<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// A list that is being read.
struct List<'a> {
    reader: Reader<'a>,
    items: Items<'a>,
}

enum Items<'a> {
    Document(std::slice::Iter<'a, Value>),
    Tensor(Numbers<'a>),
}

impl<'a> List<'a> {
    fn next(&mut self) -> Option<Reader<'a>> {
        let part = match &mut self.items {
            Items::Document(list) => Part::Document(list.next()?),
            Items::Tensor(numbers) => Part::Number(numbers.next()?),
        };
        Some(self.reader.at(part))
    }

    fn left(&self) -> usize {
        match &self.items {
            Items::Document(list) => list.len(),
            Items::Tensor(numbers) => numbers.len(),
        }
    }

    fn end(&self) -> Result<(), Error> {
        match self.left() {
            0 => Ok(()),
            left => Err(Error::custom(format!("a list goes on for {left} more than expected"))),
        }
    }
}

impl<'de> SeqAccess<'de> for List<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        match self.next() {
            Some(reader) => seed.deserialize(reader).map(Some),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left())
    }
}

/// A struct or map that is being read.
struct Entries<'a> {
    reader: Reader<'a>,
    pairs: Pairs<'a>,
    value: Option<&'a Value>,
}

enum Pairs<'a> {
    Map(map::Iter<'a>),
    List(std::slice::Iter<'a, Value>),
}

impl<'a> Entries<'a> {
    fn next_key(&mut self) -> Result<Option<Reader<'a>>, Error> {
        let (key, value) = match &mut self.pairs {
            Pairs::Map(map) => match map.next() {
                Some((key, value)) => (Part::Name(key), value),
                None => return Ok(None),
            },
            Pairs::List(list) => match list.next().map(|pair| pair.as_array().map(Vec::as_slice)) {
                Some(Some([key, value])) => (Part::Document(key), value),
                Some(_) => return Err(Error::custom("no pair of a key and a value")),
                None => return Ok(None),
            },
        };
        self.value = Some(value);
        Ok(Some(self.reader.at(key)))
    }

    fn next_value(&mut self) -> Result<Reader<'a>, Error> {
        let value = self.value.take().ok_or_else(|| Error::custom("a value without a key"))?;
        Ok(self.reader.at(Part::Document(value)))
    }

    fn end(&self) -> Result<(), Error> {
        let left = match &self.pairs {
            Pairs::Map(map) => map.len(),
            Pairs::List(list) => list.len(),
        };
        if left == 0 { Ok(()) } else { Err(Error::custom("a map goes on beyond what was expected")) }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        match self.next_key()? {
            Some(reader) => seed.deserialize(reader).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.next_value()?)
    }
}

/// A variant of an enumeration that is being read.
struct Variant<'a> {
    reader: Reader<'a>,
    name: &'a str,
    content: Option<&'a Value>,
}

impl<'a> Variant<'a> {
    fn content(&self) -> Result<Reader<'a>, Error> {
        let value = self.content.ok_or_else(|| Error::custom("a variant without its content"))?;
        Ok(self.reader.at(Part::Document(value)))
    }
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        Ok((seed.deserialize(self.reader.at(Part::Name(self.name)))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(Error::custom("a variant with a content that it does not have")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Error> {
        self.content()?.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.content()?.deserialize_map(visitor)
    }
}
