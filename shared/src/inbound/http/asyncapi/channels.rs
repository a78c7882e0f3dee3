//! The five kinds of sockets: where each is, what may be said there and what is heard.

use super::node::{Node, object, reference};
use super::{commands, events};
use crate::protocol::Dialect;
use crate::protocol::described::{HeardIn, commands as all_commands};

/// A kind of socket.
pub(super) struct Channel {
    pub(super) id: &'static str,
    address: &'static str,
    title: &'static str,
    about: &'static str,
    /// The name in the path, and what it is.
    parameter: Option<(&'static str, &'static str)>,
    /// Names of security schemes; none where anybody may come.
    credentials: &'static [&'static str],
    understands: &'static [HeardIn],
    hears: &'static [Hearing],
}

/// What some of a channel's sockets hear.
struct Hearing {
    /// Ends the operation's id.
    id: &'static str,
    about: &'static str,
    dialect: Dialect,
}

const CHAT: &[HeardIn] = &[HeardIn::All, HeardIn::Chat];

pub(super) const CHANNELS: [Channel; 5] = [
    Channel {
        id: "feed",
        address: "/",
        title: "The feed",
        about: "Everything that is broadcast. Behind CloudFront it is at `/ws/feed/`; on a laptop port 8765 has nothing else, \
                at any path. Bad credentials make an anonymous socket. It answers `ping` and takes no notice of anything else.",
        parameter: None,
        credentials: &[],
        understands: &[HeardIn::All],
        hears: &[Hearing {
            id: "send",
            about: "Heartbeats, dropped texts, what was uploaded.",
            dialect: Dialect::Feed,
        }],
    },
    Channel {
        id: "inbox",
        address: "/ws/chat/",
        title: "The inbox",
        about: "Every message of one's conversations, notices, and rooms that were joined with `join_conversation`. \
                `/ws/notifications/` is the same. Every message names its room; a message with `receiver_id` begins a \
                conversation; one that names nobody goes to the one conversation that was joined here, else to one's own notes.",
        parameter: None,
        credentials: &["bearer", "protocol", "token", "cookie"],
        understands: CHAT,
        hears: &[Hearing { id: "send", about: "What is said and what happens.", dialect: Dialect::Inbox }],
    },
    Channel {
        id: "chat",
        address: "/ws/chat/{room}/",
        title: "A room's chat",
        about: "For members. Sends nothing on connect, and takes messages at once. By default clients hear messages, answers \
                and errors alone; with `?events=all`, `?since=` or the sub-protocol `parlor.v1` they hear everything.",
        parameter: Some(("room", "The room's code, in any case.")),
        credentials: &["bearer", "protocol", "token", "cookie"],
        understands: CHAT,
        hears: &[
            Hearing { id: "send", about: "What every client hears.", dialect: Dialect::Plain },
            Hearing {
                id: "sendAll",
                about: "What clients hear that ask for everything: by `?events=all`, `?since=` or `parlor.v1`.",
                dialect: Dialect::Full,
            },
            Hearing {
                id: "sendActions",
                about: "What clients hear that do not, where the room's code is a number.",
                dialect: Dialect::Numbered,
            },
        ],
    },
    Channel {
        id: "conversation",
        address: "/ws/conversations/{id}/",
        title: "A conversation",
        about: "One conversation, for the people in it. Everything is heard; messages are called `new_message`, and every \
                event of the room has `conversation_id`.",
        parameter: Some(("id", "The conversation's code.")),
        credentials: &["bearer", "protocol", "token", "cookie"],
        understands: CHAT,
        hears: &[Hearing { id: "send", about: "What is said and what happens.", dialect: Dialect::Inbox }],
    },
    Channel {
        id: "watch",
        address: "/ws/room/{code}/",
        title: "A watch room",
        about: "Chat, presence and playback, for members, by a token or a ticket: a cookie is not enough. On joining: \
                `ROOM_PARTICIPANTS`, `CHAT_HISTORY`, `PLAYBACK_STATE`, and then what happens. With `?since=`: \
                `ROOM_PARTICIPANTS`, what was missed, `RESUMED`, `PLAYBACK_STATE`.",
        parameter: Some(("code", "The room's code, in any case.")),
        credentials: &["bearer", "protocol", "token"],
        understands: &[HeardIn::All, HeardIn::Chat, HeardIn::Watch],
        hears: &[Hearing { id: "send", about: "What is said and what happens.", dialect: Dialect::Watch }],
    },
];

impl Channel {
    /// What may be said here, by its name among the components.
    fn said(&self) -> Vec<String> {
        let heard = all_commands().filter(|command| self.understands.contains(&command.heard));
        heard.map(commands::key).collect()
    }

    /// What is heard here by anybody.
    fn heard(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for key in self.hears.iter().flat_map(|hearing| events::keys(hearing.dialect)) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    /// The channel as the document has it.
    pub(super) fn described(&self) -> Node {
        let messages = self.said().into_iter().chain(self.heard());
        let messages = messages.map(|key| (key.clone(), reference(&format!("components/messages/{key}"))));
        let mut fields = vec![
            ("address".to_owned(), self.address.into()),
            ("title".to_owned(), self.title.into()),
            ("description".to_owned(), self.about.into()),
            ("messages".to_owned(), messages.collect()),
        ];
        if let Some((name, about)) = self.parameter {
            let parameter = object([(name, object([("description", about.into())]))]);
            fields.push(("parameters".to_owned(), parameter));
        }
        fields.push(("bindings".to_owned(), self.bindings()));
        Node::Object(fields)
    }

    fn bindings(&self) -> Node {
        let text = |about: &str| object([("type", "string".into()), ("description", about.into())]);
        let mut query =
            vec![("token".to_owned(), text("A token or a ticket, for clients that can send no headers."))];
        if self.id != "feed" {
            query.push((
                "since".to_owned(),
                text("The last id that is known: what came after it is sent first."),
            ));
        }
        if self.id == "chat" {
            query.push(("events".to_owned(), text("`all`: to hear everything.")));
        }
        let query = object([("type", "object".into()), ("properties", Node::Object(query))]);
        let socket = [("method", "GET".into()), ("query", query), ("bindingVersion", "0.1.0".into())];
        object([("ws", object(socket))])
    }

    /// Its operations, as the server does them: it receives what clients say, and sends what they hear.
    pub(super) fn operations(&self) -> Vec<(String, Node)> {
        let receives = self.operation("receive", "What clients may say.", &self.said());
        let sends = self.hears.iter().map(|hearing| {
            let operation = self.operation("send", hearing.about, &events::keys(hearing.dialect));
            (format!("{}.{}", self.id, hearing.id), operation)
        });
        [(format!("{}.receive", self.id), receives)].into_iter().chain(sends).collect()
    }

    fn operation(&self, action: &str, about: &str, keys: &[String]) -> Node {
        let channel = format!("channels/{}", self.id);
        let messages = keys.iter().map(|key| reference(&format!("{channel}/messages/{key}")));
        let schemes =
            self.credentials.iter().map(|name| reference(&format!("components/securitySchemes/{name}")));
        let mut fields = vec![
            ("action".to_owned(), action.into()),
            ("channel".to_owned(), reference(&channel)),
            ("summary".to_owned(), about.into()),
        ];
        if !self.credentials.is_empty() {
            fields.push(("security".to_owned(), schemes.collect()));
        }
        fields.push(("messages".to_owned(), messages.collect()));
        Node::Object(fields)
    }
}
