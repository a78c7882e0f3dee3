//! What can be checked of the documents: that the README stays short, links lead somewhere, and named commands exist.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::HELP;

const README_LINES: usize = 150;
const README_WORDS: usize = 900;
/// Folders that hold nothing of ours.
const FOREIGN: [&str; 3] = ["node_modules", "store", "target"];

/// Lists what is wrong, one sentence each.
pub(crate) fn broken_rules(root: &Path) -> io::Result<Vec<String>> {
    let mut broken = long_readme(&fs::read_to_string(root.join("README.md"))?);
    for document in documents(root)? {
        let text = fs::read_to_string(&document)?;
        let targets = links(&text).filter(|target| !target.contains("://"));
        let dead = targets.filter(|target| !leads_somewhere(&document, &text, target));
        broken.extend(dead.map(|target| format!("{}: the link to {target} is dead", document.display())));
        let unknown = commands(&text).filter(|command| !is_command(command));
        broken.extend(unknown.map(|name| format!("{}: there is no cargo xtask {name}", document.display())));
    }
    Ok(broken)
}

/// The Markdown files below a folder, but for what tools put there.
fn documents(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !name.starts_with('.') && !FOREIGN.contains(&&*name) {
            found.extend(documents(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    Ok(found)
}

fn long_readme(text: &str) -> Vec<String> {
    let sizes = [
        ("lines", text.lines().count(), README_LINES),
        ("words", text.split_whitespace().count(), README_WORDS),
    ];
    let long = sizes.into_iter().filter(|(_, size, most)| size > most);
    long.map(|(what, size, most)| format!("README.md: {size} {what}, more than {most}")).collect()
}

/// The targets of a document's links, `[text](target)`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
}

fn leads_somewhere(document: &Path, text: &str, target: &str) -> bool {
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let file = document.with_file_name(path);
    let there: io::Result<String> = match path {
        "" => Ok(text.to_owned()),
        _ if file.is_dir() => Ok(String::new()),
        _ => fs::read_to_string(file),
    };
    there.is_ok_and(|text| anchor.is_none_or(|anchor| anchors(&text).any(|heading| heading == anchor)))
}

/// The anchors that headings get: lower case, without punctuation, with hyphens for spaces.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter(|line| line.starts_with('#')).map(|line| {
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    })
}

/// The commands of ours that a document names.
fn commands(text: &str) -> impl Iterator<Item = &str> {
    let named = text.split("cargo xtask ").skip(1);
    named
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next())
        .filter(|name| !name.is_empty())
}

fn is_command(name: &str) -> bool {
    HELP.lines().any(|line| line.trim_start().split("  ").next() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::root;

    #[test]
    fn a_readme_that_grew_is_found() {
        assert_eq!(long_readme(&"one two\n".repeat(150)), Vec::<String>::new());
        assert_eq!(long_readme(&"one two\n".repeat(151)), ["README.md: 151 lines, more than 150"]);
        assert_eq!(long_readme(&"word ".repeat(901)), ["README.md: 901 words, more than 900"]);
    }

    #[test]
    fn links_and_anchors_are_read() {
        let text = "# A `small` heading, twice\nSee [one](a.md#x) and [two](#a-small-heading-twice).";
        assert_eq!(links(text).collect::<Vec<_>>(), ["a.md#x", "#a-small-heading-twice"]);
        assert_eq!(anchors(text).collect::<Vec<_>>(), ["a-small-heading-twice"]);
    }

    #[test]
    fn a_link_to_a_file_or_heading_that_is_missing_is_dead() {
        let document = root().join("infra/guides/admins.md");
        let leads = |target| leads_somewhere(&document, "# Here\n", target);
        assert!(leads("#here") && leads("../DEPLOY.md") && leads("../DEPLOY.md#mail") && leads("../guides"));
        assert!(!leads("#there") && !leads("../NOWHERE.md") && !leads("../DEPLOY.md#mails"));
    }

    #[test]
    fn commands_that_documents_name_are_looked_up_in_the_help() {
        let text =
            "`cargo xtask e2e deployed`, `cargo xtask bench`, `cargo xtask <command>`, cargo xtask fly";
        let named: Vec<_> = commands(text).collect();
        assert_eq!(named, ["e2e", "bench", "fly"]);
        assert_eq!(named.into_iter().filter(|name| !is_command(name)).collect::<Vec<_>>(), ["fly"]);
    }
}
