//! Finding messages by their words, whatever their case and accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest search, in characters.
const MAX_SEARCH: usize = 200;

/// Words that are looked for. A message is found that holds all of them, as whole words.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchWords(Vec<String>);

/// Shows nothing of what people look for.
impl std::fmt::Debug for SearchWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SearchWords(..)")
    }
}

impl SearchWords {
    /// Reads what somebody looks for. The error is a sentence for the field.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.chars().count() > MAX_SEARCH {
            return Err("At most 200 characters.");
        }
        let words = words(text);
        if words.is_empty() { Err("At least one word.") } else { Ok(Self(words)) }
    }

    /// Whether a text holds all of the words.
    pub fn are_in(&self, text: &str) -> bool {
        let words = words(text);
        self.0.iter().all(|wanted| words.contains(wanted))
    }
}

/// The words of a text, without case and accents.
fn words(text: &str) -> Vec<String> {
    let folded: String =
        text.nfkd().filter(|char| !is_combining_mark(*char)).flat_map(char::to_lowercase).collect();
    folded
        .split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(search: &str, text: &str) -> bool {
        SearchWords::parse(search).unwrap().are_in(text)
    }

    #[test]
    fn words_are_found_without_regard_to_case_and_accents() {
        for (search, text) in [
            ("cafe", "Café au lait!"),
            ("CAFÉ", "the cafe"),
            ("strasse", "Die STRASSE"),
            ("ﬁlm", "a FILM"),
            ("lait cafe", "Café au lait"),
            ("привет", "Привет, мир"),
            ("42", "forty-two: 42"),
        ] {
            assert!(finds(search, text), "{search} in {text}");
        }
    }

    #[test]
    fn whole_words_are_found_and_all_of_them() {
        for (search, text) in [("art", "a party"), ("cafe tea", "only cafe"), ("x", "")] {
            assert!(!finds(search, text), "{search} in {text}");
        }
    }

    #[test]
    fn a_search_has_a_word_and_an_end() {
        for bad in ["", "  ", "?!", &"x".repeat(201)] {
            assert!(SearchWords::parse(bad).is_err(), "{bad:?}");
        }
    }
}
