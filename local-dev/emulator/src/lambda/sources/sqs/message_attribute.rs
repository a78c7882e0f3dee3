//! Attributes of messages: typed values beside the body.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::sqs_error::{Refusal, SqsError};

/// The most attributes of one message.
const MAX_ATTRIBUTES: usize = 10;
/// The longest name, and the longest type.
const MAX_NAME: usize = 256;

/// Attributes by their names.
pub type MessageAttributes = BTreeMap<String, MessageAttribute>;

/// One attribute, as requests and answers write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MessageAttribute {
    /// `String`, `Number` or `Binary`, and a label of one's own after a dot.
    pub data_type: String,
    /// A text or a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub string_value: Option<String>,
    /// Bytes in Base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binary_value: Option<String>,
}

impl MessageAttribute {
    /// A mark of the kind of value, and its bytes.
    fn value(&self) -> Option<(u8, Vec<u8>)> {
        match self.data_type.split('.').next()? {
            "String" | "Number" => Some((1, self.string_value.clone()?.into_bytes())),
            "Binary" => Some((2, STANDARD.decode(self.binary_value.as_ref()?).ok()?)),
            _ => None,
        }
    }

    fn check(&self, name: &str) -> Result<(), SqsError> {
        if self.data_type.len() > MAX_NAME {
            return Err(SqsError::invalid(format!("The type of message attribute '{name}' is too long.")));
        }
        let value = self.value().filter(|(_, bytes)| !bytes.is_empty());
        let is_number = || self.string_value.as_ref().is_some_and(|text| text.trim().parse::<f64>().is_ok());
        match value {
            Some(_) if self.data_type.starts_with("Number") && !is_number() => Err(SqsError::invalid(
                format!("Can't cast the value of message attribute '{name}' to a number."),
            )),
            Some(_) => Ok(()),
            None => Err(SqsError::invalid(format!(
                "The message attribute '{name}' must have a type of String, Number or Binary, and a non-empty value \
                 of that type."
            ))),
        }
    }
}

/// Refuses attributes that SQS would.
pub(super) fn check(attributes: &MessageAttributes) -> Result<(), SqsError> {
    if attributes.len() > MAX_ATTRIBUTES {
        let message = format!("A message has at most {MAX_ATTRIBUTES} attributes, not {}.", attributes.len());
        return Err(SqsError::invalid(message));
    }
    for (name, attribute) in attributes {
        if !is_name(name) {
            return Err(SqsError::invalid(format!("'{name}' is no name of a message attribute.")));
        }
        attribute.check(name)?;
    }
    Ok(())
}

/// The one attribute that SQS itself knows.
pub(super) fn check_system(attributes: &MessageAttributes) -> Result<(), SqsError> {
    for (name, attribute) in attributes {
        if name != "AWSTraceHeader" {
            let message = format!("'{name}' is no system attribute of messages.");
            return Err(SqsError::new(Refusal::InvalidAttributeName, message));
        }
        attribute.check(name)?;
    }
    Ok(())
}

/// What the attributes add to a message's size.
pub(super) fn size(attributes: &MessageAttributes) -> usize {
    let value = |attribute: &MessageAttribute| attribute.value().map_or(0, |(_, bytes)| bytes.len());
    attributes.iter().map(|(name, it)| name.len() + it.data_type.len() + value(it)).sum()
}

/// The digest by which SDKs verify attributes; none if there are no attributes.
pub(crate) fn digest(attributes: &MessageAttributes) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut md5 = Md5::new();
    for (name, attribute) in attributes {
        let (mark, value) = attribute.value()?;
        update(&mut md5, name.as_bytes());
        update(&mut md5, attribute.data_type.as_bytes());
        md5.update([mark]);
        update(&mut md5, &value);
    }
    Some(hex(&md5.finalize()))
}

/// The digest of a body.
pub(crate) fn body_digest(body: &str) -> String {
    hex(&Md5::digest(body.as_bytes()))
}

/// The attributes that a receiver asks for: by name, by `prefix.*`, or `All`.
pub(super) fn wanted(attributes: &MessageAttributes, names: &[String]) -> MessageAttributes {
    let is_wanted = |name: &str| {
        names.iter().any(|wanted| match wanted.strip_suffix(".*") {
            Some(prefix) => name.starts_with(prefix),
            None => wanted == "All" || wanted == name,
        })
    };
    attributes
        .iter()
        .filter(|(name, _)| is_wanted(name))
        .map(|(name, it)| (name.clone(), it.clone()))
        .collect()
}

fn update(md5: &mut Md5, bytes: &[u8]) {
    // Messages are far below four gigabytes.
    md5.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    md5.update(bytes);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_reserved = lower.starts_with("aws.") || lower.starts_with("amazon.");
    let has_odd_dots = name.starts_with('.') || name.ends_with('.') || name.contains("..");
    let are_allowed = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    (1..=MAX_NAME).contains(&name.len()) && are_allowed && !is_reserved && !has_odd_dots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> MessageAttribute {
        let string_value = Some(value.to_owned());
        MessageAttribute { data_type: "String".to_owned(), string_value, binary_value: None }
    }

    #[test]
    fn a_digest_is_over_names_types_and_values_in_order_of_names() {
        let binary = MessageAttribute {
            data_type: "Binary.png".to_owned(),
            string_value: None,
            binary_value: Some(STANDARD.encode([0xff, 0, 1])),
        };
        let attributes = MessageAttributes::from([("b".to_owned(), binary), ("a".to_owned(), text("x"))]);
        // Computed with Python's hashlib over the same bytes.
        assert_eq!(digest(&attributes).as_deref(), Some("1519c8a441feca917d28470e2982f41d"));
        assert_eq!(digest(&MessageAttributes::new()), None);
        assert_eq!(body_digest("hello"), "5d41402abc4b2a76b9719d911017c592");
        assert_eq!(size(&attributes), 1 + 6 + 1 + 1 + 10 + 3);
    }

    #[test]
    fn odd_names_types_and_values_are_refused() {
        for name in ["", "AWS.x", "amazon.x", ".x", "x.", "a..b", "ä", "a b", &"x".repeat(257)] {
            let attributes = MessageAttributes::from([(name.to_owned(), text("x"))]);
            assert_eq!(check(&attributes).unwrap_err().kind, Refusal::InvalidParameterValue, "{name}");
        }
        let number = MessageAttribute { data_type: "Number".to_owned(), ..text("one") };
        let no_value = MessageAttribute { string_value: None, ..text("") };
        let other_type = MessageAttribute { data_type: "Float".to_owned(), ..text("1") };
        for attribute in [number, no_value, other_type, text("")] {
            check(&MessageAttributes::from([("x".to_owned(), attribute)])).unwrap_err();
        }
        let many: MessageAttributes = (0..11).map(|n| (format!("n{n}"), text("x"))).collect();
        check(&many).unwrap_err();
        check_system(&MessageAttributes::from([("x".to_owned(), text("x"))])).unwrap_err();
    }

    #[test]
    fn a_receiver_gets_the_attributes_that_it_asks_for() {
        let attributes: MessageAttributes =
            ["a.one", "a.two", "b"].into_iter().map(|name| (name.to_owned(), text("x"))).collect();
        let names = |asked: &[&str]| {
            let asked: Vec<String> = asked.iter().map(|name| (*name).to_owned()).collect();
            wanted(&attributes, &asked).into_keys().collect::<Vec<_>>()
        };
        assert_eq!(names(&[]), Vec::<String>::new());
        assert_eq!(names(&["All"]), ["a.one", "a.two", "b"]);
        assert_eq!(names(&[".*"]), ["a.one", "a.two", "b"]);
        assert_eq!(names(&["a.*", "c"]), ["a.one", "a.two"]);
        assert_eq!(names(&["b"]), ["b"]);
    }
}
