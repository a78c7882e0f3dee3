//! What errors are called, in `ERROR` frames and in HTTP answers alike.

use serde::Serialize;

use crate::openapi_macros::ToSchema;

macro_rules! error_codes {
    ($($(#[$doc:meta])+ $name:ident $status:literal $wire:literal $sentence:literal)*) => {
        /// What an error is called on the wire, for a program to branch on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum ErrorCode {
            $($(#[$doc])+ $name,)*
        }

        impl ErrorCode {
            /// All of them, by status.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $wire,)* }
            }

            /// The status of an HTTP answer with this code, where the answer does not say otherwise.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// A sentence for a person, for where there is nothing more exact to say.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }
        }
    };
}

error_codes! {
    /// A field is missing or wrong; `fields` says which.
    InvalidInput 400 "INVALID_INPUT" "Please check your input."
    /// The body is not what its content type says, or is cut off; the message is not a JSON object.
    Malformed 400 "MALFORMED" "This is not a JSON object."
    /// The message's type is none that this endpoint knows.
    UnknownType 400 "UNKNOWN_TYPE" "This type of message is not known here."
    /// There is neither a text nor an attachment.
    Empty 400 "EMPTY" "The message is empty."
    /// The text has more than 4,000 characters.
    TooLong 400 "TOO_LONG" "The message is too long: at most 4000 characters."
    /// The message does not say for whom it is, and several conversations are joined.
    NoRecipient 400 "NO_RECIPIENT" "Say which conversation this is for."
    /// No credentials, or none that are good.
    Unauthenticated 401 "UNAUTHENTICATED" "Sign in first."
    /// No account has this name and these secrets: which of them was wrong is not told.
    WrongCredentials 401 "WRONG_CREDENTIALS" "No account has this name with what you sent."
    /// The password is right, but the account has a phrase, which must be sent, too.
    PhraseRequired 401 "PHRASE_REQUIRED" "Your password is right; this account wants your phrase, too."
    /// The session behind the token has ended.
    SessionEnded 401 "SESSION_ENDED" "Your session has ended; sign in again."
    /// The account is disabled.
    AccountDisabled 403 "ACCOUNT_DISABLED" "This account is disabled."
    /// Whoever asks may not do this.
    Forbidden 403 "FORBIDDEN" "You may not do this."
    /// The request comes from a site that is not allowed.
    OriginNotAllowed 403 "ORIGIN_NOT_ALLOWED" "This site may not connect."
    /// Only members of the room may.
    NotApproved 403 "NOT_APPROVED" "You are not a member of this room."
    /// Banned from the room.
    Banned 403 "BANNED" "You are banned from this room."
    /// Only the room's host may, or a co-host.
    HostOnly 403 "HOST_ONLY" "Only the host may do this."
    /// Guests may not.
    GuestsMayNot 403 "GUESTS_MAY_NOT" "Guests may not do this; make an account first."
    /// Muted in the room.
    Muted 403 "MUTED" "You are muted in this room."
    /// Nobody may write in the room now.
    ChatDisabled 403 "CHAT_DISABLED" "Chat is disabled in this room."
    /// The room asks for a password.
    PasswordRequired 403 "PASSWORD_REQUIRED" "This room asks for a password."
    /// The room's password is another one.
    WrongPassword 403 "WRONG_PASSWORD" "This is not the password of this room."
    /// The wish to join was denied a short while ago.
    Denied 403 "DENIED" "Your request to join was denied."
    /// Nobody new gets into the room.
    RoomLocked 403 "ROOM_LOCKED" "This room is locked: nobody new gets in."
    /// The room has as many members as it may have.
    RoomFull 403 "ROOM_FULL" "This room is full."
    /// Kicked, banned or gone from the room.
    Removed 403 "REMOVED" "You are no longer in this room."
    /// There is nothing under this path or id.
    NotFound 404 "NOT_FOUND" "There is no such thing."
    /// This deployment has not set up that way to sign in.
    NotOffered 404 "NOT_OFFERED" "This way to sign in is not set up here."
    /// There is no room of that code.
    NoSuchRoom 404 "NO_SUCH_ROOM" "There is no such room."
    /// The room has no such message, or not any more.
    NoSuchMessage 404 "NO_SUCH_MESSAGE" "There is no such message."
    /// There is no such person, or none who can be reached.
    NoSuchPerson 404 "NO_SUCH_PERSON" "There is no such person."
    /// The path exists, but not with this method.
    MethodNotAllowed 405 "METHOD_NOT_ALLOWED" "This address does not take that method."
    /// Somebody else has that name or address; or a request with the same `Idempotency-Key` is under way, or was another one.
    Conflict 409 "CONFLICT" "This contradicts how things are."
    /// An account has the address that the provider names: send `link_token` and the account's secret to `/api/auth/link/`.
    LinkNeeded 409 "LINK_NEEDED" "This address has an account already: say its password or phrase once."
    /// Another room has that code.
    CodeTaken 409 "CODE_TAKEN" "Another room has this code."
    /// The room was closed.
    RoomClosed 410 "ROOM_CLOSED" "This room was closed."
    /// The invitation has been used up, has expired or was withdrawn.
    InvitationExpired 410 "INVITATION_EXPIRED" "This invitation is no longer good."
    /// What the request is about is no longer what the client has (`If-Match`).
    PreconditionFailed 412 "PRECONDITION_FAILED" "This is no longer what you have."
    /// The body, or a part of it, is larger than allowed.
    TooLarge 413 "TOO_LARGE" "This is too large."
    /// The content type is none that this call reads.
    UnsupportedMediaType 415 "UNSUPPORTED_MEDIA_TYPE" "This content type is not read here."
    /// No part of the medium lies in the range asked for.
    RangeNotSatisfiable 416 "RANGE_NOT_SATISFIABLE" "There is nothing in that range."
    /// This was done too often; `Retry-After` or `retry_after` says when it may be done again.
    RateLimited 429 "RATE_LIMITED" "Rate limit exceeded: wait a moment."
    /// The same text was sent a moment ago.
    Repeated 429 "REPEATED" "You have just said this."
    /// The room is in slow mode.
    SlowMode 429 "SLOW_MODE" "This room is in slow mode: wait a moment."
    /// Ten times more refusals than the limits allow.
    TooManyMessages 429 "TOO_MANY_MESSAGES" "Far too many messages: come back in a moment."
    /// Our fault; the cause is in the log under the request's id.
    Internal 500 "INTERNAL" "Something went wrong on our side."
    /// A store did not answer in time; the same request may be sent again.
    Unavailable 503 "UNAVAILABLE" "Something did not answer in time; please try again."
    /// The socket could not keep up with what was sent to it.
    TooSlow 503 "TOO_SLOW" "This connection could not keep up."
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_code_is_called_the_same_by_serde_and_by_name() {
        for code in ErrorCode::ALL {
            assert_eq!(json!(code), json!(code.name()));
        }
    }

    #[test]
    fn codes_lie_in_the_order_of_their_status_and_say_a_sentence() {
        assert!(ErrorCode::ALL.is_sorted_by_key(|code| code.status()));
        for code in ErrorCode::ALL {
            assert!(code.sentence().ends_with('.'), "{code:?}");
        }
    }

    #[test]
    fn some_sentences_say_what_their_readers_look_for() {
        let says = |code: ErrorCode, words| code.sentence().starts_with(words);
        assert!(says(ErrorCode::RateLimited, "Rate limit exceeded: "));
        assert!(says(ErrorCode::Muted, "You are muted "));
        assert!(says(ErrorCode::ChatDisabled, "Chat is disabled "));
    }
}
