//! What watch rooms alone understand.

use super::{CommandShape, FieldKind, FieldShape, HeardIn, field};
use crate::protocol::commands::values::{MAX_MUTE_SECONDS, MAX_TIME};
use crate::protocol::{MAX_LABEL_CHARS, MAX_URL_CHARS};

const SECONDS: FieldKind = FieldKind::Number(0.0, MAX_TIME);
const USER_ID: FieldShape = field("user_id", FieldKind::Id(1), "Whom.");
const TIME: FieldShape = field("time", SECONDS, "The position in seconds.");
const ITEM: FieldShape = field("item", FieldKind::Name, "Which item of the queue, by its `id`.");
/// One of three ways to say what is to be watched.
const CHOICE: &[FieldShape] = &[
    field("media_id", FieldKind::Medium, "What was uploaded here."),
    field("provider", FieldKind::Text(MAX_LABEL_CHARS), "Who has it: `youtube` …"),
    field("video_id", FieldKind::Text(MAX_URL_CHARS), "What the provider calls it."),
    field("url", FieldKind::Text(MAX_URL_CHARS), "Where it is."),
    field("title", FieldKind::Text(MAX_LABEL_CHARS), "Its title."),
    field("duration", SECONDS, "Its length in seconds."),
];
const CHOICE_NEEDS: &[&[&str]] = &[&["media_id"], &["provider", "video_id"], &["url"]];

pub(super) const COMMANDS: &[CommandShape] = &[
    CommandShape {
        names: &["PLAY"],
        about: "Plays from a position on, for everybody. Host and co-hosts.",
        heard: HeardIn::Watch,
        needs: &[&["time"]],
        fields: &[TIME],
    },
    CommandShape {
        names: &["PAUSE"],
        about: "Stops at a position, for everybody. Host and co-hosts.",
        heard: HeardIn::Watch,
        needs: &[&["time"]],
        fields: &[TIME],
    },
    CommandShape {
        names: &["SEEK"],
        about: "Goes to a position, for everybody; plays on if it played. Host and co-hosts.",
        heard: HeardIn::Watch,
        needs: &[&["time"]],
        fields: &[TIME],
    },
    CommandShape {
        names: &["SET_RATE"],
        about: "Plays faster or slower, for everybody. Host and co-hosts.",
        heard: HeardIn::Watch,
        needs: &[&["rate"]],
        fields: &[field("rate", FieldKind::Number(0.25, 2.0), "How fast: 1 is as it was made.")],
    },
    CommandShape {
        names: &["SET_MEDIA"],
        about: "Chooses what is watched. Host and co-hosts.",
        heard: HeardIn::Watch,
        needs: CHOICE_NEEDS,
        fields: CHOICE,
    },
    CommandShape {
        names: &["QUEUE_ADD"],
        about: "Adds to what is watched later. Host and co-hosts; members, where the room says so.",
        heard: HeardIn::Watch,
        needs: CHOICE_NEEDS,
        fields: CHOICE,
    },
    CommandShape {
        names: &["QUEUE_REMOVE"],
        about: "Takes an item off the queue.",
        heard: HeardIn::Watch,
        needs: &[&["item"]],
        fields: &[ITEM],
    },
    CommandShape {
        names: &["QUEUE_MOVE"],
        about: "Moves an item of the queue.",
        heard: HeardIn::Watch,
        needs: &[&["item"]],
        fields: &[ITEM, field("before", FieldKind::Name, "Before which other one; to the end if not said.")],
    },
    CommandShape {
        names: &["QUEUE_NEXT"],
        about: "Goes on to the first item of the queue. Host and co-hosts.",
        heard: HeardIn::Watch,
        needs: &[],
        fields: &[],
    },
    CommandShape {
        names: &["READY"],
        about: "Says that one is ready: where the room has a ready gate, playing waits for it.",
        heard: HeardIn::Watch,
        needs: &[&["version"]],
        fields: &[field("version", FieldKind::Whole(0, u64::MAX), "For which version of the playback.")],
    },
    CommandShape {
        names: &["SYNC_CHECK"],
        about: "Says where one's player is, at most once a second. Answered by `SYNC_CORRECTION` if that is too far off.",
        heard: HeardIn::Watch,
        needs: &[&["client_time"]],
        fields: &[
            field("client_time", SECONDS, "The position in seconds."),
            field(
                "client_sent_at",
                FieldKind::Moment,
                "When it was there, in server time as the client estimates it.",
            ),
        ],
    },
    CommandShape {
        names: &["PLAYER_EVENT"],
        about: "Notes what happens in one's player, so that one's progress is kept. Not answered.",
        heard: HeardIn::Watch,
        needs: &[&["data"]],
        fields: &[
            field(
                "data",
                FieldKind::PlayerData,
                "What happens: `play`, `pause`, `timeupdate`, `ended` …, and where.",
            ),
            field("item", FieldKind::Name, "Which item is played."),
        ],
    },
    CommandShape {
        names: &["MUTE_USER"],
        about: "Silences somebody. Host and co-hosts.",
        heard: HeardIn::Watch,
        needs: &[&["user_id"]],
        fields: &[
            USER_ID,
            field(
                "seconds",
                FieldKind::Whole(1, MAX_MUTE_SECONDS as u64),
                "For how long; until they are unmuted if not said.",
            ),
        ],
    },
    CommandShape {
        names: &["KICK_USER"],
        about: "Closes somebody's sockets in this room (4011). Host and co-hosts.",
        heard: HeardIn::Watch,
        needs: &[&["user_id"]],
        fields: &[USER_ID],
    },
    CommandShape {
        names: &["BAN_USER"],
        about: "Keeps somebody out of this room. Host and co-hosts.",
        heard: HeardIn::Watch,
        needs: &[&["user_id"]],
        fields: &[USER_ID],
    },
];
