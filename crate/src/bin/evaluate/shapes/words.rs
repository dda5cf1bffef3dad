//! The words by which serde knows the variants of an enumeration.

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor, value},
    forward_to_deserialize_any,
};

/// Asks `T` for its variants, as a deserialiser is told them, and gets no further.
struct Ask<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Ask<'_> {
    type Error = value::Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = variants;
        Err(Error::custom("asked"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Error::custom("not an enumeration"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The words of the enumeration `T`; none for another type.
pub fn words<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    let mut found: &[&str] = &[];
    // It always fails: there is no value to read.
    let _ = T::deserialize(Ask(&mut found));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enumeration_tells_its_words_as_json_has_them() {
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Colour {
            DarkRed,
            #[serde(rename = "blau")]
            Blue,
        }
        assert_eq!(words::<Colour>(), ["dark_red", "blau"]);
        let read = |word: &str| serde_json::from_value::<Colour>(word.into()).is_ok();
        assert!(words::<Colour>().iter().all(|word| read(word)) && !read("red"));
        assert!(matches!(serde_json::from_value("blau".into()), Ok(Colour::Blue)));
        assert!(matches!(serde_json::from_value("dark_red".into()), Ok(Colour::DarkRed)));
        assert!(words::<String>().is_empty() && words::<Option<Colour>>().is_empty());
    }
}
