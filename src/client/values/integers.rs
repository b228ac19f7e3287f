//! Integers beyond 2^53: two modules for serde's attribute `with`.

/// Integers as strings, for serde's attribute `with`: numbers of JavaScript are exact up to 2^53 only. It is for `i64`, `u64`, `i128` and
/// `u128`, and for an `Option` or a `Vec` of them. Integers that come as numbers are read, too.
///
/// ```
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Order {
///     #[serde(with = "socketio_wasm::integer_string")]
///     id: u64,
///     #[serde(with = "socketio_wasm::integer_string")]
///     replaced: Vec<u64>,
/// }
///
/// fn main() {
///     let order = Order { id: u64::MAX, replaced: vec![1] };
///     let json = socketio_wasm::serde_json::to_string(&order).unwrap();
///     assert_eq!(json, r#"{"id":"18446744073709551615","replaced":["1"]}"#);
/// }
/// ```
pub mod integer_string {
    use core::fmt;
    use core::marker::PhantomData;
    use serde::de::{Deserialize, Deserializer, Error, Visitor};
    use serde::ser::{Serialize, Serializer};

    /// Writes integers as strings.
    ///
    /// # Errors
    /// Returns the error of the serializer.
    pub fn serialize<T: Integers, S: Serializer>(integers: &T, serializer: S) -> Result<S::Ok, S::Error> {
        integers.write(serializer)
    }

    /// Reads integers from strings or numbers.
    ///
    /// # Errors
    /// Returns the error of the deserializer, and one for a string that is no integer of this type.
    pub fn deserialize<'de, T: Integers, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }

    /// Integers that can be written as strings.
    pub trait Integers: Sized {
        #[doc(hidden)]
        fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
        #[doc(hidden)]
        fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
    }

    struct Text<T>(T);

    impl<T: Integers> Serialize for Text<&T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.write(serializer)
        }
    }

    impl<'de, T: Integers> Deserialize<'de> for Text<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            T::read(deserializer).map(Text)
        }
    }

    impl<T: Integers> Integers for Option<T> {
        fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.as_ref().map(Text).serialize(serializer)
        }

        fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Ok(Option::<Text<T>>::deserialize(deserializer)?.map(|text| text.0))
        }
    }

    impl<T: Integers> Integers for Vec<T> {
        fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.iter().map(Text))
        }

        fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Ok(Vec::<Text<T>>::deserialize(deserializer)?.into_iter().map(|text| text.0).collect())
        }
    }

    struct Digits<T>(PhantomData<T>);

    /// Implements the trait for types of integers.
    macro_rules! integers {
        ($($type:ty)*) => {
            $(impl Integers for $type {
                fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }

                fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserializer.deserialize_any(Digits(PhantomData::<$type>))
                }
            }

            impl Visitor<'_> for Digits<$type> {
                type Value = $type;

                fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    formatter.write_str(concat!("a string with an integer, ", stringify!($type)))
                }

                fn visit_str<E: Error>(self, digits: &str) -> Result<$type, E> {
                    digits.parse().map_err(|_| E::invalid_value(serde::de::Unexpected::Str(digits), &self))
                }

                fn visit_i64<E: Error>(self, value: i64) -> Result<$type, E> {
                    value.try_into().map_err(|_| E::invalid_value(serde::de::Unexpected::Signed(value), &self))
                }

                fn visit_u64<E: Error>(self, value: u64) -> Result<$type, E> {
                    value.try_into().map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(value), &self))
                }
            })*
        };
    }

    integers!(i64 u64 i128 u128);
}

/// Integers of 64 bits with a sign as they are, for serde's attribute `with`: they go over the wire if the client has a serializer
/// ([`serializers`](crate::serializers)). JSON cannot carry them, so without a serializer one beyond 2^53 is an error.
///
/// ```
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Order {
///     #[serde(with = "socketio_wasm::bigint")]
///     id: i64,
/// }
/// ```
pub mod bigint {
    use super::super::raw::BIGINT;
    use serde::de::{Deserialize, Deserializer};
    use serde::ser::{Serialize, Serializer};

    /// Writes integers.
    ///
    /// # Errors
    /// Returns the error of the serializer.
    pub fn serialize<T: Serialize, S: Serializer>(integers: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(BIGINT, integers)
    }

    /// Reads integers.
    ///
    /// # Errors
    /// Returns the error of the deserializer.
    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}
