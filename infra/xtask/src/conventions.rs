//! Rules that neither compiler nor clippy knows.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What stands behind a port has no name in front of it.
const FOREIGN: [&str; 8] = ["aws", "axum", "dynamodb", "lambda", "rusqlite", "sql", "sqlite", "sqs"];
/// A function's crate only starts what lies in the library.
const MAX_MAIN_LINES: usize = 40;

/// A sentence for each breach.
pub(crate) fn broken_rules(root: &Path) -> io::Result<Vec<String>> {
    let mut broken = Vec::new();
    for folder in ["shared/src/domain", "shared/src/ports"] {
        for file in rust_files(&root.join(folder))? {
            broken.extend(foreign_names(&file)?);
        }
    }
    broken.extend(foreign_names(&root.join("shared/src/ports.rs"))?);
    for function in fs::read_dir(root.join("functions"))? {
        broken.extend(long_main(&function?.path().join("src/main.rs"))?);
    }
    Ok(broken)
}

/// All of a folder's files of code, those of its folders among them.
pub(crate) fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}

fn foreign_names(file: &Path) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(file)?;
    let lines = text.lines().enumerate();
    let breach = |(number, line): (usize, &str)| {
        foreign_name(line).map(|name| format!("{}:{}: names {name}", file.display(), number + 1))
    };
    Ok(lines.filter_map(breach).collect())
}

/// The first foreign word of a line's code. Comments may compare.
fn foreign_name(line: &str) -> Option<&'static str> {
    let comment = line.find(" //").or_else(|| line.trim_start().starts_with("//").then_some(0));
    let code = line[..comment.unwrap_or(line.len())].to_lowercase();
    let words: Vec<_> = code.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    FOREIGN.into_iter().find(|name| words.contains(name))
}

fn long_main(main: &Path) -> io::Result<Option<String>> {
    let lines = fs::read_to_string(main)?.lines().count();
    let breach = || format!("{}: {lines} lines, more than {MAX_MAIN_LINES}", main.display());
    Ok((lines > MAX_MAIN_LINES).then(breach))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_names_a_backend_is_found() {
        assert_eq!(foreign_name("use axum::Router;"), Some("axum"));
        assert_eq!(foreign_name("    client: aws_sdk_dynamodb::Client,"), Some("aws"));
        assert_eq!(foreign_name("pub sql: String, // a statement"), Some("sql"));
    }

    #[test]
    fn comments_and_words_that_only_contain_a_name_are_passed_over() {
        assert_eq!(foreign_name("/// DynamoDB's shape and no more."), None);
        assert_eq!(foreign_name("    let key = pk; // as on AWS"), None);
        assert_eq!(foreign_name("let laws = \"https://example.org\";"), None);
    }
}
