//! A value that copies share until one of them changes it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A copy-on-write value. Each event leads to a new state, which shares all but one or two of thousands of entries
/// with the old one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CowArc<T>(Arc<T>);

impl<T: Clone + PartialEq> CowArc<T> {
    /// Applies `correction`, and stays shared where that changes nothing.
    pub fn correct(&mut self, correction: impl FnOnce(&mut T)) {
        let mut corrected = T::clone(self);
        correction(&mut corrected);
        if corrected != **self {
            **self = corrected;
        }
    }
}

impl<T> From<T> for CowArc<T> {
    fn from(value: T) -> Self {
        CowArc(Arc::new(value))
    }
}

impl<T> Deref for CowArc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for CowArc<T> {
    /// Unshares the value first.
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

impl<T: Serialize> Serialize for CowArc<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::serialize(self, serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for CowArc<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(CowArc::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_one(one: &CowArc<String>, other: &CowArc<String>) -> bool {
        Arc::ptr_eq(&one.0, &other.0)
    }

    #[test]
    fn a_copy_is_shared_until_it_is_changed() {
        let first = CowArc::from("one".to_owned());
        let mut copy = first.clone();
        assert!(is_one(&first, &copy));
        copy.correct(|text| text.truncate(9));
        assert!(is_one(&first, &copy), "nothing was wrong");
        copy.correct(|text| text.truncate(2));
        assert_eq!((first.as_str(), copy.as_str()), ("one", "on"));
        let mut copy = first.clone();
        copy.push('s');
        assert_eq!((first.as_str(), copy.as_str()), ("one", "ones"));
    }

    #[test]
    fn it_is_written_and_read_as_what_it_holds() {
        let written = serde_json::to_string(&CowArc::from(7)).expect("writes");
        assert_eq!(written, "7");
        assert_eq!(serde_json::from_str::<CowArc<i32>>(&written).expect("reads"), CowArc::from(7));
    }
}
