//! Between Rust's types and JavaScript's values, and JSON by the browser's own parser.
//!
//! serde's derives do the work on our side. What is not there is `serde_json`: its parser, its messages and
//! the number formatting behind them weigh more in a wasm than most microapps do. So an error here is just
//! that, without a text: what comes in is a wire type of ours, or it is not.

use js_sys::{Array, JSON, Number, Object, Reflect};
use serde::{
    Serialize,
    de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor},
    ser,
};
use std::fmt;
use wasm_bindgen::{JsCast, JsValue};

/// A value of a type as JavaScript data: what can be structured-cloned.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    match value.serialize(ToJs) {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

/// JavaScript data as a type; `undefined` counts as `null`.
pub fn from_js<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    T::deserialize(FromJs(value.clone())).ok()
}

/// A value as JSON.
pub fn to_text<T: Serialize + ?Sized>(value: &T) -> String {
    JSON::stringify(&to_js(value)).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// JSON as a type.
pub fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    from_js(&JSON::parse(text).ok()?)
}

/// What comes in is not of the type. It has no text (see the module).
#[derive(Debug)]
struct Unfit;

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not of this type")
    }
}

impl std::error::Error for Unfit {}

// Every constructor is written out: the ones that serde supplies would format their message.
impl de::Error for Unfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

struct FromJs(JsValue);

impl<'de> de::Deserializer<'de> for FromJs {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let value = self.0;
        if value.is_null() || value.is_undefined() {
            visitor.visit_unit()
        } else if let Some(truth) = value.as_bool() {
            visitor.visit_bool(truth)
        } else if let Some(number) = value.as_f64() {
            // Whole numbers up to 2^53 are exact, as everywhere in JSON.
            if Number::is_safe_integer(&value) {
                visitor.visit_i64(number as i64)
            } else {
                visitor.visit_f64(number)
            }
        } else if let Some(text) = value.as_string() {
            visitor.visit_string(text)
        } else if Array::is_array(&value) {
            visitor.visit_seq(Items { list: value.unchecked_into(), next: 0 })
        } else {
            let entries = Object::entries(value.unchecked_ref());
            visitor.visit_map(Entries { entries, next: 0, value: JsValue::NULL })
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.0.is_null() || self.0.is_undefined() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        if self.0.is_object() {
            visitor.visit_map(Fields { object: self.0, names: fields, next: 0, value: JsValue::NULL })
        } else {
            Err(Unfit)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        if let Some(name) = self.0.as_string() {
            return visitor.visit_enum(Variant { name, value: JsValue::NULL });
        }
        let entry: Array =
            Object::entries(self.0.dyn_ref().ok_or(Unfit)?).get(0).dyn_into().map_err(|_| Unfit)?;
        visitor.visit_enum(Variant { name: entry.get(0).as_string().ok_or(Unfit)?, value: entry.get(1) })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

struct Items {
    list: Array,
    next: u32,
}

impl<'de> de::SeqAccess<'de> for Items {
    type Error = Unfit;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unfit> {
        if self.next >= self.list.length() {
            return Ok(None);
        }
        self.next += 1;
        seed.deserialize(FromJs(self.list.get(self.next - 1))).map(Some)
    }
}

struct Entries {
    entries: Array,
    next: u32,
    value: JsValue,
}

impl<'de> de::MapAccess<'de> for Entries {
    type Error = Unfit;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        if self.next >= self.entries.length() {
            return Ok(None);
        }
        let entry: Array = self.entries.get(self.next).unchecked_into();
        self.next += 1;
        self.value = entry.get(1);
        seed.deserialize(Key(entry.get(0))).map(Some)
    }
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(FromJs(std::mem::take(&mut self.value)))
    }
}

/// The key of an entry: text, also where it was a number or a truth.
struct Key(JsValue);

macro_rules! read_from_text {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            let value = JSON::parse(&self.0.as_string().unwrap_or_default()).map_err(|_| Unfit)?;
            FromJs(value).$method(visitor)
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Key {
    type Error = Unfit;

    read_from_text! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        FromJs(self.0).deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        FromJs(self.0).deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

/// The fields of a struct that are there: nothing else of the object is looked at.
///
/// They are told by their number, as serde's derives also take them: comparing names is code for every
/// field of every type. So `#[serde(alias)]` is not for types that a browser reads.
struct Fields {
    object: JsValue,
    names: &'static [&'static str],
    next: usize,
    value: JsValue,
}

impl Fields {
    /// Goes on to the next field that is there.
    #[inline(never)]
    fn advance(&mut self) -> Option<u64> {
        while let Some(name) = self.names.get(self.next) {
            self.next += 1;
            let value = Reflect::get(&self.object, &(*name).into()).unwrap_or(JsValue::UNDEFINED);
            if !value.is_undefined() {
                self.value = value;
                return Some(self.next as u64 - 1);
            }
        }
        None
    }
}

impl<'de> de::MapAccess<'de> for Fields {
    type Error = Unfit;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        match self.advance() {
            Some(number) => seed.deserialize(number.into_deserializer()).map(Some),
            None => Ok(None),
        }
    }
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(FromJs(std::mem::take(&mut self.value)))
    }
}

struct Variant {
    name: String,
    value: JsValue,
}

impl<'de> de::EnumAccess<'de> for Variant {
    type Error = Unfit;
    type Variant = FromJs;
    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, FromJs), Unfit> {
        Ok((seed.deserialize(self.name.into_deserializer())?, FromJs(self.value)))
    }
}

impl<'de> de::VariantAccess<'de> for FromJs {
    type Error = Unfit;
    fn unit_variant(self) -> Result<(), Unfit> {
        Ok(())
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(self)
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unfit> {
        de::Deserializer::deserialize_any(self, visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        de::Deserializer::deserialize_struct(self, "", fields, visitor)
    }
}

struct ToJs;

/// There is nothing that could fail. That the compiler knows it leaves out what would be done then, after every field of
/// every type.
#[derive(Debug)]
enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Self {
        panic!("a type that cannot be written as JSON")
    }
}

/// A list or an object in the making.
struct Making {
    /// What it will be: the object or list, or `{ variant: … }` around it.
    whole: JsValue,
    /// Where the parts go.
    into: JsValue,
    key: JsValue,
}

impl Making {
    fn new(into: impl Into<JsValue>) -> Self {
        let into = into.into();
        Self { whole: into.clone(), into, key: JsValue::NULL }
    }

    fn variant(name: &str, into: impl Into<JsValue>) -> Self {
        let into = into.into();
        Self { whole: tagged(name, &into), into, key: JsValue::NULL }
    }

    fn put<T: Serialize + ?Sized>(&self, key: &JsValue, value: &T) -> Result<(), Never> {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&self.into, key, &to_js(value));
        Ok(())
    }

    fn push<T: Serialize + ?Sized>(&self, value: &T) -> Result<(), Never> {
        self.into.unchecked_ref::<Array>().push(&value.serialize(ToJs)?);
        Ok(())
    }
}

fn tagged(name: &str, value: &JsValue) -> JsValue {
    let object = Object::new().into();
    // Setting a property of a fresh plain object cannot fail.
    let _ = Reflect::set(&object, &name.into(), value);
    object
}

impl ser::Serializer for ToJs {
    type Ok = JsValue;
    type Error = Never;
    type SerializeSeq = Making;
    type SerializeTuple = Making;
    type SerializeTupleStruct = Making;
    type SerializeTupleVariant = Making;
    type SerializeMap = Making;
    type SerializeStruct = Making;
    type SerializeStructVariant = Making;

    fn serialize_bool(self, value: bool) -> Result<JsValue, Never> {
        Ok(value.into())
    }
    fn serialize_i8(self, value: i8) -> Result<JsValue, Never> {
        self.serialize_f64(value.into())
    }
    fn serialize_i16(self, value: i16) -> Result<JsValue, Never> {
        self.serialize_f64(value.into())
    }
    fn serialize_i32(self, value: i32) -> Result<JsValue, Never> {
        self.serialize_f64(value.into())
    }
    fn serialize_i64(self, value: i64) -> Result<JsValue, Never> {
        self.serialize_f64(value as f64)
    }
    fn serialize_u8(self, value: u8) -> Result<JsValue, Never> {
        self.serialize_f64(value.into())
    }
    fn serialize_u16(self, value: u16) -> Result<JsValue, Never> {
        self.serialize_f64(value.into())
    }
    fn serialize_u32(self, value: u32) -> Result<JsValue, Never> {
        self.serialize_f64(value.into())
    }
    fn serialize_u64(self, value: u64) -> Result<JsValue, Never> {
        self.serialize_f64(value as f64)
    }
    fn serialize_f32(self, value: f32) -> Result<JsValue, Never> {
        self.serialize_f64(value.into())
    }
    fn serialize_f64(self, value: f64) -> Result<JsValue, Never> {
        Ok(value.into())
    }
    fn serialize_char(self, value: char) -> Result<JsValue, Never> {
        Ok(String::from(value).into())
    }
    fn serialize_str(self, value: &str) -> Result<JsValue, Never> {
        Ok(value.into())
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<JsValue, Never> {
        value.serialize(self)
    }
    fn serialize_none(self) -> Result<JsValue, Never> {
        Ok(JsValue::NULL)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<JsValue, Never> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<JsValue, Never> {
        Ok(JsValue::NULL)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<JsValue, Never> {
        Ok(JsValue::NULL)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<JsValue, Never> {
        Ok(name.into())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<JsValue, Never> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<JsValue, Never> {
        Ok(tagged(name, &value.serialize(self)?))
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Making, Never> {
        Ok(Making::new(Array::new()))
    }
    fn serialize_tuple(self, _: usize) -> Result<Making, Never> {
        Ok(Making::new(Array::new()))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Making, Never> {
        Ok(Making::new(Array::new()))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Making, Never> {
        Ok(Making::variant(name, Array::new()))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Making, Never> {
        // Without a prototype, a key `__proto__` is one like any other.
        Ok(Making::new(<Object>::create(JsValue::NULL.unchecked_ref())))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Making, Never> {
        Ok(Making::new(Object::new()))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Making, Never> {
        Ok(Making::variant(name, Object::new()))
    }
}

macro_rules! list {
    ($($of:ident $method:ident),*) => {$(
        impl ser::$of for Making {
            type Ok = JsValue;
            type Error = Never;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
                self.push(value)
            }
            fn end(self) -> Result<JsValue, Never> {
                Ok(self.whole)
            }
        }
    )*};
}

list!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field);

macro_rules! object {
    ($($of:ident),*) => {$(
        impl ser::$of for Making {
            type Ok = JsValue;
            type Error = Never;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
                self.put(&name.into(), value)
            }
            fn end(self) -> Result<JsValue, Never> {
                Ok(self.whole)
            }
        }
    )*};
}

object!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Making {
    type Ok = JsValue;
    type Error = Never;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        self.key = key.serialize(ToJs)?;
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.put(&self.key, value)
    }
    fn end(self) -> Result<JsValue, Never> {
        Ok(self.whole)
    }
}
