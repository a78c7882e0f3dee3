//! Workers that die, and more sockets than one of them serves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::faulty_proxy::{Fate, Seen};
use super::unreliable::{Unreliable, all_hear};
use crate::target::unique;

/// Beyond what whoever publishes posts to by itself.
const CROWD: usize = 320;

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn a_crowd_is_reached_in_pieces_by_workers_of_which_some_are_killed() {
    let target = Unreliable::start(&[]).await;
    let mut sockets = Vec::new();
    while sockets.len() < CROWD {
        sockets.extend(target.open(40).await);
    }
    let text = unique("crowd");
    target.drops.put("crowd.txt", text.clone()).await;
    all_hear(&mut sockets, &text).await;
    target.comes_to_rest().await;
    assert_eq!(posts_of(&target.sockets.seen(), &text).len(), CROWD, "each socket was written to, and once");

    let text = unique("killed");
    let (passed, sent) = (Arc::new(AtomicUsize::new(0)), text.clone());
    target.sockets.judge(move |post| {
        let is_late = *post.body == *sent.as_bytes() && passed.fetch_add(1, Ordering::Relaxed) >= 50;
        if is_late { Fate::Hold } else { Fate::Pass }
    });
    target.drops.put("killed.txt", text.clone()).await;
    target.sockets.until(|seen| posts_of(seen, &text).len() > 60).await;
    assert!(target.kill_workers("deliver") > 0);
    target.sockets.recover();
    target.redelivers().await;
    all_hear(&mut sockets, &text).await;
    target.comes_to_rest().await;
    target.knows_only(CROWD).await;
}

/// The posts of a text, by socket.
fn posts_of(seen: &[Seen], text: &str) -> BTreeMap<String, usize> {
    let posts = seen.iter().filter(|post| *post.body == *text.as_bytes());
    posts.fold(BTreeMap::new(), |mut posts, post| {
        *posts.entry(post.what.clone()).or_default() += 1;
        posts
    })
}
