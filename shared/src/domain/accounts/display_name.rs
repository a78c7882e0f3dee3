//! The name that others see.

use crate::domain::visible_text::{composed, has_invisible};

/// The longest display name, in characters.
pub const MAX_DISPLAY_NAME: usize = 40;

/// A display name as it will be shown: trimmed, inner white space folded. The error is a sentence for the field.
pub fn display_name(text: &str) -> Result<String, &'static str> {
    let name = composed(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if name.is_empty() {
        return Err("Choose a name.");
    }
    if name.chars().count() > MAX_DISPLAY_NAME {
        return Err("At most 40 characters.");
    }
    if has_invisible(&name) {
        return Err("Characters that nobody sees are not allowed.");
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_folded() {
        assert_eq!(display_name("  Ann \t Lee "), Ok("Ann Lee".into()));
        assert_eq!(display_name("Zoë 🎬"), Ok("Zoë 🎬".into()));
        assert_eq!(display_name("Zoe\u{308} ❤\u{FE0F}"), Ok("Zoë ❤\u{FE0F}".into()));
    }

    #[test]
    fn names_that_nobody_could_read_are_refused() {
        for bad in ["", "   ", "a\0b", "a\u{202E}b", "\u{3164}", "a\u{AD}b", &"x".repeat(41)] {
            assert!(display_name(bad).is_err(), "{bad:?}");
        }
    }
}
