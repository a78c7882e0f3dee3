//! What every signed-in socket understands.

use super::{CommandShape, FieldKind, FieldShape, HeardIn, field};
use crate::protocol::commands::values::MAX_MENTIONS;
use crate::protocol::{MAX_MESSAGE_CHARS, MAX_MESSAGE_TYPE_CHARS, MAX_REACTION_CHARS, MAX_URL_CHARS};

const MESSAGE: FieldShape = field("message", FieldKind::Text(MAX_MESSAGE_CHARS), "What it says.");
const CONTENT: FieldShape = field("content", FieldKind::Text(MAX_MESSAGE_CHARS), "The same as `message`.");
const MESSAGE_ID: FieldShape = field("message_id", FieldKind::Id(1), "Which message, by its `id`.");

pub(super) const COMMANDS: &[CommandShape] = &[
    CommandShape {
        names: &["ping"],
        about: "Asks for a `pong`.",
        heard: HeardIn::All,
        needs: &[],
        fields: &[field(
            "timestamp",
            FieldKind::Any,
            "Sent back as it came, if it is no longer than 1,024 bytes.",
        )],
    },
    CommandShape {
        names: &["CHAT_MESSAGE", "chat", "chat_message", "new_message", "send_message", "message"],
        about: "Says something. The message comes back to its sender with `is_self: true`: that is the acknowledgement. A \
                message without a type that has a `message` is this one.",
        heard: HeardIn::Chat,
        needs: &[&["message"], &["content"], &["attachment"]],
        fields: &[
            MESSAGE,
            CONTENT,
            field("message_type", FieldKind::Text(MAX_MESSAGE_TYPE_CHARS), "Its kind; `text` if not said."),
            field(
                "attachment",
                FieldKind::Text(MAX_URL_CHARS),
                "Its file: a media id, or a URL of this server's.",
            ),
            field("reply_to", FieldKind::Id(1), "The message that it answers."),
            field("mentions", FieldKind::People(MAX_MENTIONS), "Whom it mentions."),
            field(
                "client_msg_id",
                FieldKind::Text(64),
                "The client's own id for it: sent again, nothing is stored twice.",
            ),
            field(
                "receiver_id",
                FieldKind::Id(1),
                "On the inbox: the person it is for, where no room is named.",
            ),
            field("receiver", FieldKind::Id(1), "The same as `receiver_id`."),
        ],
    },
    CommandShape {
        names: &["edit_message"],
        about: "Changes what a message of one's own says.",
        heard: HeardIn::Chat,
        needs: &[&["message_id", "new_content"], &["message_id", "message"], &["message_id", "content"]],
        fields: &[
            MESSAGE_ID,
            field("new_content", FieldKind::Text(MAX_MESSAGE_CHARS), "What it says from now on."),
            field("message", FieldKind::Text(MAX_MESSAGE_CHARS), "The same as `new_content`."),
            field("content", FieldKind::Text(MAX_MESSAGE_CHARS), "The same as `new_content`."),
        ],
    },
    CommandShape {
        names: &["delete_message"],
        about: "Takes a message away: one's own, or any for host, co-hosts and admins.",
        heard: HeardIn::Chat,
        needs: &[&["message_id"]],
        fields: &[MESSAGE_ID],
    },
    CommandShape {
        names: &["react_message"],
        about: "Puts a reaction on a message, or takes it away.",
        heard: HeardIn::Chat,
        needs: &[&["message_id", "reaction"]],
        fields: &[
            MESSAGE_ID,
            field("reaction", FieldKind::Text(MAX_REACTION_CHARS), "The reaction: an emoji or a short word."),
            field("on", FieldKind::Flag, "Whether it is to be there; if not said, it is if it was not."),
        ],
    },
    CommandShape {
        names: &["join_conversation"],
        about: "Lets this socket hear a room. Answered by `conversation_joined`.",
        heard: HeardIn::Chat,
        needs: &[],
        fields: &[field("since", FieldKind::Id(0), "The last id that is known: what came after it is sent.")],
    },
    CommandShape {
        names: &["leave_conversation"],
        about: "Lets this socket hear a room no longer.",
        heard: HeardIn::Chat,
        needs: &[],
        fields: &[],
    },
    CommandShape {
        names: &["typing"],
        about: "Shows others that one is writing. Sent at most once in 3 s.",
        heard: HeardIn::Chat,
        needs: &[],
        fields: &[field("is_typing", FieldKind::Flag, "Whether one is; `true` if not said.")],
    },
    CommandShape {
        names: &["stop_typing"],
        about: "Shows others that one is writing no longer.",
        heard: HeardIn::Chat,
        needs: &[],
        fields: &[],
    },
    CommandShape {
        names: &["read_receipt"],
        about: "Notes how far one has read.",
        heard: HeardIn::Chat,
        needs: &[&["message_id"]],
        fields: &[field("message_id", FieldKind::Id(1), "The last message that one has read.")],
    },
];
