//! Which layer of the library knows which.

use std::fs;
use std::io;
use std::path::Path;

use crate::conventions::rust_files;

const LIBRARY: &str = "shared/src";

/// Each layer with those that its code may name, its tests included. Whatever is not here is no arrow between layers; and
/// since a layer stands below all that it may name, there are no circles.
const ARROWS: [(&str, &[&str]); 15] = [
    // A macro that is `false` but for the simulation: whoever uses it names nothing.
    ("mutants", &[]),
    ("openapi_macros", &[]),
    ("ids", &["openapi_macros"]),
    ("protocol", &["openapi_macros", "ids"]),
    ("domain", &["openapi_macros", "ids", "protocol"]),
    ("ports", &["ids", "protocol", "domain"]),
    ("store", &["openapi_macros", "ids", "protocol", "domain", "ports"]),
    ("app", &["ids", "protocol", "domain", "ports", "store"]),
    ("inbound", &["openapi_macros", "ids", "protocol", "domain", "ports", "store", "app"]),
    ("testing", &["ids", "protocol", "domain", "ports"]),
    ("system", &["protocol", "ports"]),
    ("oidc", &["protocol", "domain", "ports"]),
    ("outbound", &["domain", "ports"]),
    ("embedded", &["ids", "protocol", "ports", "store"]),
    // It builds whole applications, and counts what their use cases cost on a table in memory.
    (
        "aws",
        &[
            "ids", "protocol", "domain", "ports", "store", "app", "inbound", "testing", "system", "oidc",
            "outbound", "embedded",
        ],
    ),
];

/// A sentence for each arrow that is not allowed.
pub(crate) fn broken_rules(root: &Path) -> io::Result<Vec<String>> {
    let library = root.join(LIBRARY);
    let mut broken = Vec::new();
    for file in rust_files(&library)? {
        let inside = file.strip_prefix(&library).unwrap_or(&file);
        if inside != Path::new("lib.rs") {
            broken.extend(breaches(inside, &fs::read_to_string(&file)?));
        }
    }
    Ok(broken)
}

fn breaches(file: &Path, code: &str) -> Vec<String> {
    let modules = modules(file);
    let place = format!("{LIBRARY}/{}", file.display());
    let Some((layer, allowed)) = ARROWS.iter().find(|(layer, _)| modules.first().is_some_and(|m| m == layer))
    else {
        return vec![format!("{place}: is of no layer that infra/xtask/src/layers.rs knows")];
    };
    let is_breach = |named: &str| named != *layer && !allowed.contains(&named);
    let named = named_layers(&tokens(code), modules.len()).into_iter();
    let breaches = named.filter(|(_, named)| is_breach(named));
    breaches.map(|(line, named)| format!("{place}:{line}: {layer} may not know {named}")).collect()
}

/// The path of a file's module.
fn modules(file: &Path) -> Vec<String> {
    let path = file.with_extension("");
    let names = path.iter().map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| name != "mod").collect()
}

/// Names, `::` and every other sign, each with the number of its line; without comments, which may point anywhere.
fn tokens(code: &str) -> Vec<(usize, &str)> {
    let mut tokens = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let comment = line.find(" //").or_else(|| line.trim_start().starts_with("//").then_some(0));
        let mut rest = line[..comment.unwrap_or(line.len())].trim_start();
        while let Some(first) = rest.chars().next() {
            let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let length = match name {
                0 if rest.starts_with("::") => 2,
                0 => first.len_utf8(),
                _ => name,
            };
            tokens.push((number + 1, &rest[..length]));
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

/// What follows `crate::`, or as many `super::` as lead to the same place from a module so deep.
fn named_layers<'a>(tokens: &[(usize, &'a str)], depth: usize) -> Vec<(usize, &'a str)> {
    let mut named = Vec::new();
    let text = |at: usize| tokens.get(at).map_or("", |(_, text)| text);
    for at in 0..tokens.len() {
        if text(at) == "crate" && text(at + 1) == "::" {
            named.extend(first_names(&tokens[at + 2..]));
        }
        let is_first = at == 0 || text(at - 1) != "::";
        if text(at) == "super" && is_first {
            let steps = (0..).take_while(|step| text(at + 2 * step) == "super").count();
            // In a module within the file, as many steps end one level further down: what they lead to is no layer then.
            let end = tokens.get(at + 2 * steps..).filter(|_| steps >= depth).unwrap_or_default();
            named.extend(first_names(end).into_iter().filter(|(_, name)| is_layer(name)));
        }
    }
    named.retain(|(_, name)| is_layer(name) || *name == "*");
    named
}

fn is_layer(name: &str) -> bool {
    ARROWS.iter().any(|(layer, _)| *layer == name)
}

/// The name that a path goes on with, or the names, if it parts into several.
fn first_names<'a>(tokens: &[(usize, &'a str)]) -> Vec<(usize, &'a str)> {
    if tokens.first().is_none_or(|(_, text)| *text != "{") {
        return tokens.first().copied().into_iter().collect();
    }
    let (mut depth, mut names, mut begins) = (0, Vec::new(), false);
    for (line, text) in tokens.iter().copied() {
        match text {
            "{" => depth += 1,
            "}" => depth -= 1,
            name if begins => names.push((line, name)),
            _ => {}
        }
        begins = depth == 1 && matches!(text, "{" | ",");
        if depth == 0 {
            break;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::root;

    fn of(file: &str, code: &str) -> Vec<String> {
        breaches(Path::new(file), code)
    }

    #[test]
    fn the_library_has_no_other_arrows() {
        assert_eq!(broken_rules(&root()).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_layer_stands_below_all_that_it_may_name() {
        for (index, (layer, allowed)) in ARROWS.iter().enumerate() {
            for other in *allowed {
                assert!(ARROWS[..index].iter().any(|(earlier, _)| earlier == other), "{layer} → {other}");
            }
        }
    }

    #[test]
    fn an_arrow_that_runs_back_is_told_with_its_place() {
        let broken = "shared/src/domain/rooms/a.rs:2: domain may not know ports";
        for code in [
            "\nuse crate::ports::Table;",
            "\npub(in crate::ports) fn f() {}",
            "\nlet table: &dyn crate::ports::Table;",
            "\nuse crate::{ports};",
            "\nuse super::super::super::ports::Table;",
            "\nmod tests { use super::super::super::super::ports::Table; }",
            "\n#[serde(with = \"crate::ports\")]",
        ] {
            assert_eq!(of("domain/rooms/a.rs", code), [broken], "{code}");
        }
        let group = "use crate::{\n    ids::{UserId, app},\n    app::{App, store},\n    store,\n};";
        let expected = ["3: domain may not know app", "4: domain may not know store"];
        assert_eq!(of("domain/mod.rs", group), expected.map(|end| format!("shared/src/domain/mod.rs:{end}")));
        assert_eq!(of("ids.rs", "use crate::*;"), ["shared/src/ids.rs:1: ids may not know *"]);
    }

    #[test]
    fn names_of_its_own_and_of_those_below_and_comments_are_none_of_it() {
        for code in [
            "use crate::domain::token::Token;",
            "use crate::ids::{UserId, app};",
            "use super::store::Store;",
            "use super::super::ports;",
            "//! What [`crate::app::connect`] decides.",
            "let x = 1; // as crate::app does",
            "$crate::contract_tests!(make());",
        ] {
            assert_eq!(of("domain/rooms/a.rs", code), Vec::<String>::new(), "{code}");
        }
        assert_eq!(of("ids.rs", "mod tests { use super::*; }"), Vec::<String>::new());
    }

    #[test]
    fn a_module_beside_the_layers_is_told() {
        assert_eq!(of("extra/mod.rs", "").len(), 1);
    }
}
