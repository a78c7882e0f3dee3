//! What the feed's sockets get: texts that its first clients know, spelled as they know them.

use crate::ids::MediaId;

/// The text that every feed socket gets every ten seconds.
pub(super) const HEARTBEAT: &str = "[ping] Server heartbeat";

/// That a medium was uploaded and is to be played: with a space after each colon and comma.
pub(super) fn play(media_id: MediaId) -> String {
    format!(r#"{{"action": "PLAY", "value": "{media_id}"}}"#)
}

#[cfg(test)]
mod tests {
    use crate::protocol::{Dialect, Event};

    #[test]
    fn the_feeds_texts_are_those_that_its_clients_know() {
        let heartbeat = Event::FeedHeartbeat;
        assert_eq!(heartbeat.text(Dialect::Feed).unwrap(), "[ping] Server heartbeat");
        let media_id = "904cb473-5d17-4885-9363-46f466a7d140".parse().unwrap();
        let play = Event::Play { media_id };
        assert_eq!(
            play.text(Dialect::Feed).unwrap(),
            r#"{"action": "PLAY", "value": "904cb473-5d17-4885-9363-46f466a7d140"}"#
        );
        assert!(heartbeat.frame(Dialect::Watch).is_none() && play.frame(Dialect::Inbox).is_none());
    }
}
