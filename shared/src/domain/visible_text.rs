//! Text that people are told apart by: what it may hold, and in which of several equal spellings it is kept.

use std::iter;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Makes one emoji of two, or joins letters.
const ZWJ: char = '\u{200D}';
/// Keeps letters apart that would be joined.
const ZWNJ: char = '\u{200C}';

/// Whether a text holds what nobody sees, or what reorders the rest of it. A variation selector counts unless it says how
/// an emoji is shown, and a joiner unless it makes one of two emoji or says how letters of a joining script are written.
pub(crate) fn has_invisible(text: &str) -> bool {
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let around = (before.replace(c), rest.peek().copied());
        if is_invisible(c) && !shows_emoji(c, around.0) && !joins(c, around) {
            return true;
        }
    }
    false
}

fn shows_emoji(c: char, before: Option<char>) -> bool {
    is_variation_selector(c) && before.is_some_and(may_be_emoji)
}

/// Whether something is a joiner that can be seen by what stands around it.
fn joins(c: char, around: (Option<char>, Option<char>)) -> bool {
    let (Some(before), Some(after)) = around else { return false };
    let is_picture = |c: char| may_be_emoji(c) && !c.is_ascii();
    let joins_emoji = c == ZWJ && (is_picture(before) || before == '\u{FE0F}') && is_picture(after);
    joins_emoji || (matches!(c, ZWJ | ZWNJ) && is_joining(before) && is_joining(after))
}

/// Letters and signs of scripts in which neighbours are written as one: Arabic, Syriac, N'Ko, Mongolian and those of India.
fn is_joining(c: char) -> bool {
    let is_of_script = matches!(
        c,
        '\u{620}'..='\u{6D3}' | '\u{6FA}'..='\u{74F}' | '\u{750}'..='\u{77F}' | '\u{7CA}'..='\u{7EA}'
            | '\u{8A0}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{1820}'..='\u{1878}'
    );
    is_of_script && (c.is_alphabetic() || is_combining_mark(c))
}

/// Control characters, those that reorder or hide text, and those that look like nothing.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control() || is_variation_selector(c) || is_format(c) || is_blank(c)
}

/// Characters that change how others are shown, and tags, which can spell a second text behind the first.
fn is_format(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{600}'..='\u{605}'
            | '\u{61C}'
            | '\u{6DD}'
            | '\u{70F}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E00FF}'
    )
}

/// Letters and symbols without a shape: they would make a name that looks empty, or like another one.
fn is_blank(c: char) -> bool {
    matches!(c, '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}')
}

fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a variation selector behind this says how an emoji is shown: symbols, and what keycaps are made of.
fn may_be_emoji(c: char) -> bool {
    matches!(
        c,
        '#' | '*' | '0'..='9' | '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2100}'..='\u{27BF}'
            | '\u{2900}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}'
    )
}

/// A text in the one of its equal spellings that is kept (NFC): an accented letter as one character.
pub(crate) fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Whether a character may stand in a name that tells people apart: a letter, a digit or an accent that is no other one in
/// disguise. As the identifier class of PRECIS (RFC 8264) has it, so that the KELVIN SIGN is refused, and not taken for a K.
pub(crate) fn is_identifier(c: char) -> bool {
    (c.is_alphanumeric() || is_combining_mark(c)) && !is_invisible(c) && iter::once(c).nfkc().eq([c])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joiners_are_seen_where_they_join() {
        for seen in ["👩\u{200D}👩\u{200D}👧", "🏳\u{FE0F}\u{200D}🌈", "می\u{200C}خواهم", "क्\u{200D}ष"]
        {
            assert!(!has_invisible(seen), "{seen}");
        }
        for hidden in [
            "a\u{200D}b",
            "a\u{200C}b",
            "\u{200D}👩",
            "👩\u{200D}",
            "می\u{200C}",
            "1\u{200D}2",
            "👩\u{200C}👧",
            "می\u{200C}\u{200C}خ",
        ] {
            assert!(has_invisible(hidden), "{hidden:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_found() {
        for c in "\u{0}\u{1B}\u{AD}\u{34F}\u{61C}\u{115F}\u{180E}\u{200B}\u{202E}\u{206A}\u{2800}\u{3164}\u{FEFF}\u{FFF9}\u{E0041}".chars()
        {
            assert!(has_invisible(&format!("a{c}b")), "{c:?}");
        }
        for seen in ["Zoë", "e\u{301}", "김철수", "สมชาย", "אבג", "a b", "½"] {
            assert!(!has_invisible(seen), "{seen}");
        }
    }

    #[test]
    fn a_variation_selector_says_how_an_emoji_is_shown_and_nothing_else() {
        for shown in ["❤\u{FE0F}", "1\u{FE0F}\u{20E3}", "☎\u{FE0E}", "🏳\u{FE0F}"] {
            assert!(!has_invisible(shown), "{shown}");
        }
        for hidden in ["a\u{FE0F}", "\u{FE0F}", "❤\u{FE0F}\u{FE0F}", "ann\u{E0101}"] {
            assert!(has_invisible(hidden), "{hidden:?}");
        }
    }

    #[test]
    fn a_letter_in_disguise_is_none() {
        assert!("aZ9äß이ж\u{301}".chars().all(is_identifier));
        for c in "\u{212A}\u{FF21}ﬁ①\u{2126}\u{115F} -".chars() {
            assert!(!is_identifier(c), "{c:?}");
        }
        assert_eq!(composed("e\u{301}"), "é");
    }
}
