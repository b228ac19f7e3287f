//! The parts of a value that is being read: items, entries, variants.

use super::error::ValueError;
use super::key::KeyReader;
use super::read::Reader;
use super::text::Text;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

/// The items of a list.
pub(super) struct Items<'a, 'de> {
    pub reader: &'a mut Reader<'de>,
    pub is_first: bool,
}

impl<'de> Reader<'de> {
    /// Reads the next value. Types that serde buffers, such as tagged enums, fail without a place: that is the value itself.
    pub fn read<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, ValueError> {
        self.peek();
        let start = self.at;
        seed.deserialize(&mut *self).map_err(|error| error.located(start))
    }

    /// Goes to the next item or entry; false at the end, whose byte is not skipped.
    pub fn next_part(&mut self, is_first: &mut bool, end: u8) -> Result<bool, ValueError> {
        let is_end = self.peek() == Some(end);
        if core::mem::take(is_first) {
            return Ok(!is_end);
        }
        if is_end {
            return Ok(false);
        }
        self.expect(b',')?;
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = ValueError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ValueError> {
        match self.reader.next_part(&mut self.is_first, b']')? {
            true => self.reader.read(seed).map(Some),
            false => Ok(None),
        }
    }
}

/// The entries of a map.
pub(super) struct Entries<'a, 'de> {
    pub reader: &'a mut Reader<'de>,
    pub is_first: bool,
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = ValueError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ValueError> {
        let reader = &mut *self.reader;
        if !reader.next_part(&mut self.is_first, b'}')? {
            return Ok(None);
        }
        reader.peek();
        let start = reader.at;
        let key = match reader.string()? {
            Text::Whole(key) => seed.deserialize(KeyReader(key)),
            Text::Unescaped => seed.deserialize(KeyReader(&reader.scratch)),
        };
        key.map(Some).map_err(|error| error.located(start))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ValueError> {
        self.reader.expect(b':')?;
        self.reader.read(seed)
    }
}

/// A variant of an enum: a string, or the only entry of a map.
pub(super) struct Variant<'a, 'de> {
    reader: &'a mut Reader<'de>,
    is_bare: bool,
}

impl<'a, 'de> Variant<'a, 'de> {
    pub fn bare(reader: &'a mut Reader<'de>) -> Self {
        Self { reader, is_bare: true }
    }

    pub fn full(reader: &'a mut Reader<'de>) -> Self {
        Self { reader, is_bare: false }
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = ValueError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), ValueError> {
        let name = match self.reader.string()? {
            Text::Whole(name) => seed.deserialize(KeyReader(name)),
            Text::Unescaped => seed.deserialize(KeyReader(&self.reader.scratch)),
        }?;
        if !self.is_bare {
            self.reader.expect(b':')?;
        }
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = ValueError;

    fn unit_variant(self) -> Result<(), ValueError> {
        if self.is_bare { Ok(()) } else { serde::Deserialize::deserialize(self.reader) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ValueError> {
        if self.is_bare { Err(bare()) } else { self.reader.read(seed) }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ValueError> {
        if self.is_bare { Err(bare()) } else { self.reader.deserialize_seq(visitor) }
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, ValueError> {
        if self.is_bare { Err(bare()) } else { self.reader.deserialize_any(visitor) }
    }
}

#[cold]
pub(super) fn bare() -> ValueError {
    ValueError::new("expected a map with the name and the data of the variant")
}

/// A variant without data, as the key of a map.
pub(super) struct Bare;

impl<'de> VariantAccess<'de> for Bare {
    type Error = ValueError;

    fn unit_variant(self) -> Result<(), ValueError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, ValueError> {
        Err(bare())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, ValueError> {
        Err(bare())
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, ValueError> {
        Err(bare())
    }
}
