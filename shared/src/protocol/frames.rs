//! One event in each dialect in which it is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Dialect, Frame};

/// At most one frame for each [`Dialect`]; sockets whose dialect has none get nothing. Clones share the texts.
///
/// As JSON an object: the letters of the dialects that share a text, and the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, Frame>", into = "BTreeMap<String, Frame>")]
pub struct Frames([Option<Frame>; Dialect::ALL.len()]);

/// The JSON of [`Frames`] names something that is no dialect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{letters:?} are not letters of dialects")]
pub struct UnknownDialects {
    /// What stands in place of the letters.
    pub letters: String,
}

impl Frames {
    /// Nothing for anybody.
    pub fn none() -> Self {
        Self::default()
    }

    /// The same frame in every dialect.
    pub fn same(frame: Frame) -> Self {
        Self(std::array::from_fn(|_| Some(frame.clone())))
    }

    /// A frame in one dialect alone.
    pub fn only(dialect: Dialect, frame: Frame) -> Self {
        Self::none().with(dialect, frame)
    }

    /// What a function says of each dialect; it is asked once for each.
    pub fn each(mut frame: impl FnMut(Dialect) -> Option<Frame>) -> Self {
        Self(Dialect::ALL.map(&mut frame))
    }

    /// These, and that frame in that dialect.
    #[must_use]
    pub fn with(mut self, dialect: Dialect, frame: Frame) -> Self {
        self.set(dialect, frame);
        self
    }

    /// Puts that frame in the place of what there was in that dialect.
    pub fn set(&mut self, dialect: Dialect, frame: Frame) {
        self.0[dialect.index()] = Some(frame);
    }

    /// The frame in a dialect.
    pub fn get(&self, dialect: Dialect) -> Option<&Frame> {
        self.0[dialect.index()].as_ref()
    }

    /// Whether nobody gets anything.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

impl From<Frames> for BTreeMap<String, Frame> {
    fn from(frames: Frames) -> Self {
        let mut texts: Vec<(String, Frame)> = Vec::new();
        for (dialect, frame) in Dialect::ALL.into_iter().zip(frames.0) {
            let Some(frame) = frame else { continue };
            match texts.iter_mut().find(|(_, known)| *known == frame) {
                Some((letters, _)) => letters.push(dialect.letter()),
                None => texts.push((dialect.letter().into(), frame)),
            }
        }
        texts.into_iter().collect()
    }
}

impl TryFrom<BTreeMap<String, Frame>> for Frames {
    type Error = UnknownDialects;

    fn try_from(texts: BTreeMap<String, Frame>) -> Result<Self, UnknownDialects> {
        let mut frames = Self::none();
        for (letters, frame) in texts {
            for letter in letters.chars() {
                let Ok(dialect) = Dialect::try_from(letter) else {
                    return Err(UnknownDialects { letters });
                };
                frames = frames.with(dialect, frame.clone());
            }
        }
        Ok(frames)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> Frame {
        Frame::new(text).unwrap()
    }

    #[test]
    fn each_dialect_gets_its_frame_and_others_get_nothing() {
        let frames = Frames::only(Dialect::Inbox, frame("new_message")).with(Dialect::Watch, frame("CHAT"));
        assert_eq!(frames.get(Dialect::Inbox), Some(&frame("new_message")));
        assert_eq!(frames.get(Dialect::Watch), Some(&frame("CHAT")));
        assert_eq!(frames.get(Dialect::Feed), None);
        assert!(Frames::none().is_empty() && !frames.is_empty());
        let asked = Frames::each(|dialect| (dialect == Dialect::Full).then(|| frame("all")));
        assert_eq!(asked, Frames::only(Dialect::Full, frame("all")));
    }

    #[test]
    fn a_text_that_dialects_share_is_stored_once() {
        let same = serde_json::to_string(&Frames::same(frame("hi"))).unwrap();
        assert_eq!(same, r#"{"fipnaw":"hi"}"#);
        let frames = Frames::only(Dialect::Plain, frame("a")).with(Dialect::Watch, frame("a"));
        let frames = frames.with(Dialect::Inbox, frame("b"));
        let json = serde_json::to_string(&frames).unwrap();
        assert_eq!(json, r#"{"i":"b","pw":"a"}"#);
        assert_eq!(serde_json::from_str::<Frames>(&json).unwrap(), frames);
        assert!(serde_json::from_str::<Frames>(r#"{"ix":"b"}"#).is_err());
    }
}
