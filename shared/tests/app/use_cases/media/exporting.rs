//! What one has uploaded is part of the copy of one's own data.

use parlor::app::{self, OwnExportCursor, upload_medium};
use serde_json::Value;

use crate::use_cases::bench::*;

#[tokio::test]
async fn a_copy_of_ones_own_data_lists_every_file_once_with_where_it_is() {
    let bench = Bench::new();
    let (ann, bob) = (bench.person("Ann").await, bench.person("Bob").await);
    for number in 0..120 {
        let name = format!("{number}.png");
        let file = upload_medium::store(&bench.app, &name, None, body("abc")).await.unwrap();
        let owner = if number < 119 { &ann } else { &bob };
        upload_medium::accept(&bench.app, owner.user, file, Default::default(), None).await.unwrap();
    }
    let (mut lines, mut next) = (Vec::<Value>::new(), None);
    loop {
        let page = app::export_own(&bench.app, ann.user, next).await.unwrap();
        lines.extend(page.text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
        // A cursor goes out as text, and comes back as such.
        match page.next {
            Some(cursor) => next = Some(cursor.to_string().parse::<OwnExportCursor>().unwrap()),
            None => break,
        }
    }
    let media: Vec<&Value> = lines.iter().filter(|line| line["kind"] == "medium").collect();
    let names: std::collections::BTreeSet<&str> =
        media.iter().map(|line| line["filename"].as_str().unwrap()).collect();
    assert_eq!((media.len(), names.len()), (119, 119));
    assert!(!names.contains("119.png"), "somebody else's");
    assert!(media[0]["url"].as_str().unwrap().starts_with("http://localhost/media/"), "{}", media[0]);
}

#[test]
fn a_cursor_among_files_is_no_room() {
    for text in [":media/", ":media/904cb473-5d17-4885-9363-46f466a7d140", "kino/7"] {
        assert_eq!(text.parse::<OwnExportCursor>().unwrap().to_string(), text);
    }
    for text in ["", ":media", ":media/x", "kino", "kino/x"] {
        assert!(text.parse::<OwnExportCursor>().is_err(), "{text}");
    }
}
