//! Sockets that are gone without a word, and a quota that is used up.

use super::faulty_proxy::{Fate, Refused, Seen};
use super::unreliable::{Unreliable, all_hear};
use crate::client::{Guest, Socket};
use crate::target::unique;

/// What API Gateway says when it has had enough.
pub const TOO_MANY: Refused = Refused(429, "LimitExceededException");

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn a_tenth_of_the_sockets_gone_costs_the_others_nothing_and_leaves_no_ghosts() {
    let target = Unreliable::start(&["--disconnects", "lose"]).await;
    let mut sockets = target.open(40).await;
    drop(sockets.split_off(36));
    let text = unique("gone");
    target.drops.put("gone.txt", text.clone()).await;
    all_hear(&mut sockets, &text).await;
    target.comes_to_rest().await;
    target.knows_only(36).await;
    let text = unique("still");
    target.drops.put("still.txt", text.clone()).await;
    all_hear(&mut sockets, &text).await;
}

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn a_persons_disconnect_that_never_comes_leaves_no_ghost_in_any_group() {
    let target = Unreliable::start(&["--disconnects", "lose"]).await;
    let ann = Guest::sign_in(&target.functions.http).await;
    let url = format!("{}?token={}", target.functions.sockets, ann.token());
    let hers = Socket::open(&url).await;
    let mut other = target.open(1).await;
    target.comes_to_rest().await;
    let groups = target.rows().await.into_iter().filter(|(_, sk)| sk.starts_with(&format!("{}#", ann.id())));
    assert_eq!(groups.count(), 2, "the feed, and her own");
    drop(hers);
    target.knows_only(1).await;
    let text = unique("still");
    target.drops.put("still.txt", text.clone()).await;
    all_hear(&mut other, &text).await;
    target.comes_to_rest().await;
}

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn a_storm_of_429_delays_texts_and_loses_none() {
    let target = Unreliable::start(&[]).await;
    let mut sockets = target.open(30).await;
    let texts = ["a", "b"].map(unique);
    let mut left = 70;
    let stormy = texts.clone();
    target.sockets.judge(move |post: &Seen| {
        if left == 0 || !stormy.iter().any(|text| *post.body == *text.as_bytes()) {
            return Fate::Pass;
        }
        left -= 1;
        Fate::Refuse(TOO_MANY)
    });
    for text in &texts {
        target.drops.put(&format!("{text}.txt"), text.clone()).await;
    }
    for socket in &mut sockets {
        let is_one = |text: &str| texts.iter().any(|one| one == text);
        let first = socket.hear(is_one).await;
        socket.hear(|text| is_one(text) && text != first).await;
    }
    target.comes_to_rest().await;
    target.knows_only(30).await;
    let posts = target.sockets.seen();
    let posts = posts.iter().filter(|post| texts.iter().any(|text| *post.body == *text.as_bytes()));
    assert_eq!(
        posts.count(),
        60 + 70,
        "each socket got each text once, and just those that failed were tried again"
    );
}
