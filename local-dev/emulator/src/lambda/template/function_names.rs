//! What functions are called.

use std::path::{Path, PathBuf};

use crate::lambda::runtime_host::executable;

/// How a function's name is found if its template doesn't say which binary it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FunctionNames {
    /// As its binary in a folder is spelled.
    InFolder(PathBuf),
    /// As in the template; whoever runs it may spell it otherwise.
    AsInTemplate,
}

impl FunctionNames {
    /// The name of the function with that logical id.
    pub(super) fn name(&self, logical_id: &str) -> String {
        let found = match self {
            Self::InFolder(folder) => spelled(folder, logical_id),
            Self::AsInTemplate => None,
        };
        found.unwrap_or_else(|| logical_id.to_owned())
    }
}

/// The spelling that there is.
fn spelled(folder: &Path, logical_id: &str) -> Option<String> {
    spellings(logical_id).into_iter().find(|name| executable(folder, name).is_some())
}

/// `EchoFunction`, `echo-function`, `echo_function` and `echofunction`.
pub(super) fn spellings(logical_id: &str) -> [String; 4] {
    let kebab = kebab_case(logical_id);
    [logical_id.to_owned(), kebab.clone(), kebab.replace('-', "_"), kebab.replace('-', "")]
}

/// `DeadLetters` as `dead-letters`.
pub(super) fn kebab_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut kebab = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let after_small = index > 0 && !letters[index - 1].is_uppercase();
        let before_small = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && index > 0 && (after_small || before_small) {
            kebab.push('-');
        }
        kebab.extend(letter.to_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_name_is_spelled_as_the_binary_is() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["my-echo", "other_thing", "Third"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let names = FunctionNames::InFolder(folder.path().to_owned());
        let spelled = ["MyEcho", "OtherThing", "Third", "Nowhere"].map(|id| names.name(id));
        assert_eq!(spelled, ["my-echo", "other_thing", "Third", "Nowhere"]);
    }

    #[test]
    fn words_begin_with_capitals() {
        let kebabs = ["Queue", "DeadLetters", "HTTPApi", "table2Name"].map(kebab_case);
        assert_eq!(kebabs, ["queue", "dead-letters", "http-api", "table2-name"]);
    }
}
