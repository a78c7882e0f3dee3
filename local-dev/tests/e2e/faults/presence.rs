//! People whose sockets die while no `$disconnect` comes.

use serde_json::{Value, json};
use tokio::time::timeout;

use super::unreliable::{LONG, Unreliable};
use crate::client::Socket;
use crate::client::party::Party;

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn who_dies_in_silence_has_left_soon_after_something_was_said() {
    let target = Unreliable::start(&["--disconnects", "lose"]).await;
    let party = Party::new(&target.functions.http, 2).await;
    let sockets = target.functions.http.replace("http://", "ws://");
    let url = |who| format!("{sockets}{}", party.path("room", who, ""));
    let mut host = Socket::open(&url(&party.people[0])).await;
    host.hear(|text| text.contains(r#""type":"PLAYBACK_STATE""#)).await;
    let guest = Socket::open(&url(&party.people[1])).await;
    host.hear(|text| text.contains(r#""type":"USER_JOINED""#)).await;
    drop(guest);
    host.say(json!({"type": "CHAT_MESSAGE", "message": "are you there?"}).to_string()).await;
    let left = async {
        loop {
            let heard = host.try_hear().await.expect("the socket ended");
            let heard: Value = serde_json::from_str(&heard).unwrap();
            assert_ne!(heard["type"], "USER_JOINED", "nobody has come");
            if heard["type"] == "USER_LEFT" {
                return heard["user"].clone();
            }
        }
    };
    let left = timeout(LONG, left).await.expect("nobody has left");
    assert_eq!(left, "Guest 1");
    target.comes_to_rest().await;
}
