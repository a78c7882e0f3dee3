//! The command lines that documents print are understood.

use clap::Parser as _;
use local_dev::Options;

const DOCUMENTS: [(&str, &str); 6] = [
    ("README.md", include_str!("../../README.md")),
    ("infra/DEPLOY.md", include_str!("../../infra/DEPLOY.md")),
    ("infra/guides/admins.md", include_str!("../../infra/guides/admins.md")),
    ("infra/guides/google-and-facebook.md", include_str!("../../infra/guides/google-and-facebook.md")),
    ("infra/guides/using-the-api.md", include_str!("../../infra/guides/using-the-api.md")),
    ("local-dev/emulator/README.md", include_str!("../emulator/README.md")),
];

/// The arguments of a line that calls local-dev; none for any other line.
fn arguments(line: &str) -> Option<Vec<&str>> {
    let command = line.split(" #").next()?.trim();
    let called = match command.strip_prefix("cargo run -p local-dev") {
        Some(rest) => rest.split_once("-- ").map_or("", |(_, rest)| rest),
        None => command.strip_prefix("local-dev ")?,
    };
    Some(called.split_whitespace().map(|word| word.trim_matches('"')).collect())
}

#[test]
fn every_call_of_local_dev_in_a_document_is_understood() {
    let mut calls = 0;
    for (name, text) in DOCUMENTS {
        for arguments in text.lines().filter_map(arguments) {
            calls += 1;
            let parsed = Options::try_parse_from(["local-dev"].iter().chain(&arguments));
            let refused = parsed.err().filter(clap::Error::use_stderr);
            assert!(refused.is_none(), "{name}: {arguments:?}: {}", refused.unwrap());
        }
    }
    assert!(calls >= 10, "{calls} calls were found");
}

#[test]
fn an_option_that_is_not_there_would_be_noticed() {
    let call =
        arguments("cargo run -p local-dev --features aws -- keys burn --table \"$TABLE\"   # a comment")
            .unwrap();
    assert_eq!(call, ["keys", "burn", "--table", "$TABLE"]);
    assert!(Options::try_parse_from(["local-dev"].iter().chain(&call)).unwrap_err().use_stderr());
    assert_eq!(arguments("cargo run -p local-dev"), Some(Vec::new()));
    assert_eq!(arguments("cargo test"), None);
}
