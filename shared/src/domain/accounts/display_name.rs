//! The name that others see.

/// The longest display name, in characters.
pub const MAX_DISPLAY_NAME: usize = 40;

/// A display name as it will be shown: trimmed, inner white space folded. The error is a sentence for the field.
pub fn display_name(text: &str) -> Result<String, &'static str> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err("Choose a name.");
    }
    if name.chars().count() > MAX_DISPLAY_NAME {
        return Err("At most 40 characters.");
    }
    if name.chars().any(is_invisible) {
        return Err("Control characters are not allowed.");
    }
    Ok(name)
}

/// Control characters, and those that reorder or hide text.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_folded() {
        assert_eq!(display_name("  Ann \t Lee "), Ok("Ann Lee".into()));
        assert_eq!(display_name("Zoë 🎬"), Ok("Zoë 🎬".into()));
    }

    #[test]
    fn names_that_nobody_could_read_are_refused() {
        for bad in ["", "   ", "a\0b", "a\u{202E}b", &"x".repeat(41)] {
            assert!(display_name(bad).is_err(), "{bad:?}");
        }
    }
}
