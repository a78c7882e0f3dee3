//! Names within a room: two Anns are told apart.

use unicode_normalization::UnicodeNormalization;

use crate::domain::accounts::display_name::MAX_DISPLAY_NAME;

/// The spelling by which names in a room are compared: compatibility forms and case make no difference.
pub fn folded_name(name: &str) -> String {
    // Folding a capital may leave what NFKC would compose or decompose further: both are applied until the end.
    name.nfkc().collect::<String>().to_lowercase().nfkc().collect()
}

/// The name that is tried after so many others were taken: `Ann`, `Ann (2)`, `Ann (3)`.
pub fn numbered_name(name: &str, attempt: u32) -> String {
    if attempt <= 1 {
        return name.to_owned();
    }
    let suffix = format!(" ({attempt})");
    let room = MAX_DISPLAY_NAME.saturating_sub(suffix.chars().count());
    let kept: String = name.chars().take(room).collect();
    format!("{}{suffix}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_width_and_composition_make_no_other_name() {
        for same in ["ann", "ANN", "Ａｎｎ", "ａNN"] {
            assert_eq!(folded_name(same), "ann", "{same}");
        }
        assert_eq!(folded_name("Zoe\u{308}"), folded_name("ZO\u{cb}"));
        assert_ne!(folded_name("Ann"), folded_name("Anna"));
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for name in ["ẞ", "İ", "ﬃ", "Σ", "ǅ", "㎒"] {
            let once = folded_name(name);
            assert_eq!(folded_name(&once), once, "{name}");
        }
    }

    #[test]
    fn a_taken_name_gets_a_number_and_stays_short_enough() {
        assert_eq!(numbered_name("Ann", 1), "Ann");
        assert_eq!(numbered_name("Ann", 2), "Ann (2)");
        let long = "x".repeat(MAX_DISPLAY_NAME);
        assert_eq!(numbered_name(&long, 12).chars().count(), MAX_DISPLAY_NAME);
        assert!(numbered_name(&long, 12).ends_with("x (12)"));
    }
}
