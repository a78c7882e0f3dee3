//! The bounds of short texts that clients choose, wherever they come in.

/// The longest text of a message, in characters.
pub const MAX_MESSAGE_CHARS: usize = 4000;
/// The longest reaction, in characters.
pub const MAX_REACTION_CHARS: usize = 32;
/// The most different reactions to one message.
pub const MAX_REACTIONS: usize = 20;
/// The most bytes that the different reactions to one message have together in JSON. So a message with all of them, its
/// reader's own ones named again, fits a frame.
pub const MAX_REACTION_BYTES: usize = 1280;
/// The longest name of a kind of message, in characters.
pub const MAX_MESSAGE_TYPE_CHARS: usize = 32;
/// The longest URL, in characters.
pub const MAX_URL_CHARS: usize = 2048;
/// The longest name, title or id from elsewhere, in characters.
pub const MAX_LABEL_CHARS: usize = 200;

/// Whether a text is a reaction to a message: an emoji or a short word.
pub fn is_reaction(text: &str) -> bool {
    is_visible(text, MAX_REACTION_CHARS)
}

/// Whether a message may have all of these reactions.
pub fn fits_reactions<'a>(reactions: impl Iterator<Item = &'a str>) -> bool {
    let escaped = |text: &str| text.bytes().filter(|byte| b"\"\\".contains(byte)).count();
    let (count, bytes) =
        reactions.fold((0, 0), |(count, bytes), text| (count + 1, bytes + text.len() + escaped(text)));
    count <= MAX_REACTIONS && bytes <= MAX_REACTION_BYTES
}

/// Whether a text is a kind of message, which clients agree on among themselves: `text`, `image`, `video/mp4` …
pub fn is_message_type(text: &str) -> bool {
    let character = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./+".contains(&byte);
    (1..=MAX_MESSAGE_TYPE_CHARS).contains(&text.len()) && text.bytes().all(character)
}

/// Whether a text is a URL, as far as its characters go.
pub fn is_url(text: &str) -> bool {
    is_visible(text, MAX_URL_CHARS) && !text.contains(char::is_whitespace)
}

/// Whether a text is a name, a title, or an id from elsewhere.
pub fn is_label(text: &str) -> bool {
    is_visible(text, MAX_LABEL_CHARS)
}

/// Whether a text has at most so many characters.
pub fn has_at_most(text: &str, characters: usize) -> bool {
    // A character has at least one byte: most texts need no counting.
    text.len() <= characters || text.chars().count() <= characters
}

fn is_visible(text: &str, characters: usize) -> bool {
    !text.is_empty() && has_at_most(text, characters) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        for character in ["x", "\0", "é", "🎬"] {
            assert!(has_at_most(&character.repeat(4000), MAX_MESSAGE_CHARS), "{character:?}");
            assert!(!has_at_most(&character.repeat(4001), MAX_MESSAGE_CHARS), "{character:?}");
        }
    }

    #[test]
    fn reactions_are_short_and_visible() {
        assert!(is_reaction("👍") && is_reaction("👨‍👩‍👧‍👦") && is_reaction(&"🎉".repeat(32)));
        for bad in ["", &"x".repeat(33), "a\nb", "\u{7f}"] {
            assert!(!is_reaction(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_message_has_20_reactions_which_are_bounded_together_too() {
        let all = |reaction: &str, count| fits_reactions(std::iter::repeat_n(reaction, count));
        assert!(all("👨‍👩‍👧‍👦", 20) && !all("👍", 21));
        let longest = "🎉".repeat(32);
        assert!(all(&longest, 10) && !all(&longest, 11));
        let quotes = "\"".repeat(32);
        assert!(all(&quotes, 20) && all(&"\\".repeat(64), 10) && !all(&"\\".repeat(64), 11));
    }

    #[test]
    fn a_message_type_is_a_word_or_a_media_type() {
        assert!(
            is_message_type("text") && is_message_type("image/svg+xml") && is_message_type(&"x".repeat(32))
        );
        for bad in ["", "two words", "é", &"x".repeat(33)] {
            assert!(!is_message_type(bad), "{bad:?}");
        }
    }

    #[test]
    fn urls_have_no_white_space_and_labels_may() {
        assert!(is_url("https://example.com/a?b#c") && is_label("The Third Man"));
        for bad in ["", "a\0b", &"x".repeat(2049)] {
            assert!(!is_url(bad) && !is_label(bad), "{bad:?}");
        }
        assert!(!is_url("https://example.com/a b"));
    }
}
