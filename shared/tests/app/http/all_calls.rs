//! Every call there is, and whom it answers how.

/// A status and a code; none where the answer is no error.
pub(super) type Answer = (u16, Option<&'static str>);

pub(super) const OK: Answer = (200, None);
const ELSEWHERE: Answer = (303, None);
const INVALID: Answer = (400, Some("INVALID_INPUT"));
const NOT_FOUND: Answer = (404, Some("NOT_FOUND"));
const FORBIDDEN: Answer = (403, Some("FORBIDDEN"));
pub(super) const UNAUTHENTICATED: Answer = (401, Some("UNAUTHENTICATED"));
const WRONG: Answer = (401, Some("WRONG_CREDENTIALS"));
pub(super) const ENDED: Answer = (401, Some("SESSION_ENDED"));
const UNREAD: Answer = (415, Some("UNSUPPORTED_MEDIA_TYPE"));

/// Whom a call answers how.
pub(super) enum To {
    /// Everybody alike, whatever they show.
    Anyone(Answer),
    /// Guests, members and admins; nobody else.
    SignedIn(Answer, Answer, Answer),
}
pub(super) use To::{Anyone, SignedIn};

const MADE: Answer = (201, None);
const NO_GUESTS: Answer = (403, Some("GUESTS_MAY_NOT"));
const NO_PERSON: Answer = (404, Some("NO_SUCH_PERSON"));
const NO_ROOM: Answer = (404, Some("NO_SUCH_ROOM"));
/// What members of a room may do is told by a table of its own, `rooms/everybody.rs`.
const IN_NO_ROOM: To = SignedIn(NO_ROOM, NO_ROOM, NO_ROOM);
const HELLO: &str = r#"{"message": "hello"}"#;
const SOMEBODY: &str = r#"{"user_id": 99}"#;

const ADMINS: To = SignedIn(FORBIDDEN, FORBIDDEN, OK);

/// Method, path as the router knows it, the URL that is asked, body, answers.
pub(super) type Call = (&'static str, &'static str, &'static str, &'static str, To);

pub(super) const CALLS: &[Call] = &[
    ("GET", "/health", "/health/", "", Anyone(OK)),
    ("GET", "/openapi.json", "/openapi.json", "", Anyone(OK)),
    ("GET", "/asyncapi.json", "/asyncapi.json", "", Anyone(OK)),
    ("POST", "/api/register", "/api/register/", "{}", Anyone(INVALID)),
    ("POST", "/api/accounts/register", "/api/accounts/register/", "{}", Anyone(INVALID)),
    ("POST", "/api/accounts/login", "/api/accounts/login/", "{}", Anyone(INVALID)),
    ("POST", "/api/accounts/logout", "/api/accounts/logout/", "", Anyone(OK)),
    ("POST", "/api/user/login", "/api/user/login/", "{}", Anyone(INVALID)),
    ("POST", "/api/user/logout", "/api/user/logout/", "", Anyone(OK)),
    (
        "POST",
        "/api/auth/forgot-password",
        "/api/auth/forgot-password/",
        r#"{"email": "x@y.org"}"#,
        Anyone(OK),
    ),
    ("GET", "/api/chat/groups", "/api/chat/groups/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/chat/groups/{id}/messages", "/api/chat/groups/7/messages/", "", IN_NO_ROOM),
    ("GET", "/api/chat/groups/{id}/search/members", "/api/chat/groups/7/search/members/", "", IN_NO_ROOM),
    ("POST", "/api/chat/groups/{id}/mark-as-read", "/api/chat/groups/x/mark-as-read/", "", IN_NO_ROOM),
    ("POST", "/api/login", "/api/login/", "{}", Anyone(INVALID)),
    ("POST", "/api/auth/login", "/api/auth/login/", "{}", Anyone(INVALID)),
    ("POST", "/api/auth/guest", "/api/auth/guest/", r#"{"display_name": "Bob"}"#, Anyone(OK)),
    ("POST", "/api/auth/google", "/api/auth/google/", r#"{"id_token": "x"}"#, Anyone(WRONG)),
    ("POST", "/api/auth/facebook", "/api/auth/facebook/", r#"{"access_token": "x"}"#, Anyone(WRONG)),
    ("POST", "/api/auth/link", "/api/auth/link/", r#"{"link_token": "x", "password": "x"}"#, Anyone(INVALID)),
    ("GET", "/accounts/link", "/accounts/link/", "", Anyone(OK)),
    ("GET", "/accounts/link/link-page.js", "/accounts/link/link-page.js", "", Anyone(OK)),
    ("GET", "/accounts/link/link-page.css", "/accounts/link/link-page.css", "", Anyone(OK)),
    ("GET", "/accounts/{provider}/login", "/accounts/google/login/", "", Anyone(ELSEWHERE)),
    (
        "GET",
        "/accounts/{provider}/callback",
        "/accounts/google/callback/?state=x&code=x",
        "",
        Anyone(INVALID),
    ),
    ("POST", "/api/auth/refresh", "/api/auth/refresh/", "{}", Anyone(INVALID)),
    ("POST", "/api/auth/logout", "/api/auth/logout/", "", Anyone(OK)),
    ("GET", "/api/auth/sessions", "/api/auth/sessions/", "", SignedIn(OK, OK, OK)),
    (
        "DELETE",
        "/api/auth/sessions/{id}",
        "/api/auth/sessions/0000/",
        "",
        SignedIn(NOT_FOUND, NOT_FOUND, NOT_FOUND),
    ),
    ("GET", "/api/auth/providers", "/api/auth/providers/", "", Anyone(OK)),
    ("POST", "/api/logout", "/api/logout/", "", Anyone(OK)),
    ("GET", "/api/user-profile", "/api/user-profile/", "", SignedIn(OK, OK, OK)),
    ("PATCH", "/api/user-profile", "/api/user-profile/", r#"{"display_name": "Zoe"}"#, SignedIn(OK, OK, OK)),
    ("DELETE", "/api/user-profile", "/api/user-profile/", PROOF, SignedIn(OK, OK, (409, Some("CONFLICT")))),
    ("POST", "/api/auth/password", "/api/auth/password/", NEW_PHRASE, SignedIn(FORBIDDEN, OK, OK)),
    (
        "POST",
        "/api/auth/password/forgot",
        "/api/auth/password/forgot/",
        r#"{"email": "x@y.org"}"#,
        Anyone(OK),
    ),
    ("POST", "/api/auth/password/reset", "/api/auth/password/reset/", r#"{"token": "x"}"#, Anyone(INVALID)),
    ("GET", "/reset-password", "/reset-password/?token=x", "", Anyone(OK)),
    ("GET", "/reset-password/link-page.js", "/reset-password/link-page.js", "", Anyone(OK)),
    ("GET", "/reset-password/link-page.css", "/reset-password/link-page.css", "", Anyone(OK)),
    ("POST", "/api/auth/verify-email", "/api/auth/verify-email/", r#"{"token": "x"}"#, Anyone(INVALID)),
    (
        "POST",
        "/api/auth/verify-email/account",
        "/api/auth/verify-email/account/",
        r#"{"token": "x"}"#,
        Anyone(INVALID),
    ),
    ("POST", "/api/auth/verify-email/request", ASK_AGAIN, "", SignedIn(FORBIDDEN, OK, OK)),
    ("GET", "/verify-email", "/verify-email/?token=x", "", Anyone(OK)),
    ("GET", "/verify-email/link-page.js", "/verify-email/link-page.js", "", Anyone(OK)),
    ("GET", "/verify-email/link-page.css", "/verify-email/link-page.css", "", Anyone(OK)),
    ("GET", "/api/users", "/api/users/?username=a", "", SignedIn(OK, OK, OK)),
    ("POST", "/api/ws-ticket", "/api/ws-ticket/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/rooms", "/api/rooms/", "", SignedIn(OK, OK, OK)),
    ("POST", "/api/rooms", "/api/rooms/", "", SignedIn(NO_GUESTS, MADE, MADE)),
    ("POST", "/api/rooms/create", "/api/rooms/create/", "", SignedIn(NO_GUESTS, MADE, MADE)),
    ("GET", "/api/rooms/public", "/api/rooms/public/", "", Anyone(OK)),
    ("POST", "/api/rooms/join", "/api/rooms/join/", r#"{"code": "x"}"#, IN_NO_ROOM),
    ("POST", "/api/rooms/approve", "/api/rooms/approve/", r#"{"code": "x", "user_id": 1}"#, IN_NO_ROOM),
    ("POST", "/api/rooms/delete", "/api/rooms/delete/", r#"{"room_id": "x"}"#, IN_NO_ROOM),
    ("GET", "/api/rooms/participants", "/api/rooms/participants/?room_id=x", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}", "/api/rooms/x/", "", IN_NO_ROOM),
    ("PATCH", "/api/rooms/{code}", "/api/rooms/x/", "", IN_NO_ROOM),
    ("DELETE", "/api/rooms/{code}", "/api/rooms/x/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/detail", "/api/rooms/x/detail/", "", IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/leave", "/api/rooms/x/leave/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/participants", "/api/rooms/x/participants/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/audit", "/api/rooms/x/audit/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/invitations", "/api/rooms/x/invitations/", "", IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/invitations", "/api/rooms/x/invitations/", "", IN_NO_ROOM),
    ("DELETE", "/api/rooms/{code}/invitations/{id}", "/api/rooms/x/invitations/y/", "", IN_NO_ROOM),
    ("DELETE", "/api/rooms/{code}/members/{id}", "/api/rooms/x/members/99/", "", IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/kick", "/api/rooms/x/kick/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/ban", "/api/rooms/x/ban/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/unban", "/api/rooms/x/unban/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/mute", "/api/rooms/x/mute/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/unmute", "/api/rooms/x/unmute/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/host", "/api/rooms/x/host/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/cohost", "/api/rooms/x/cohost/", SOMEBODY, IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/uncohost", "/api/rooms/x/uncohost/", SOMEBODY, IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/messages", "/api/rooms/x/messages/", "", IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/messages", "/api/rooms/x/messages/", HELLO, IN_NO_ROOM),
    ("POST", "/api/send-message", "/api/send-message/", r#"{"room": "x", "message": "hello"}"#, IN_NO_ROOM),
    ("POST", "/api/upload-file", "/api/upload-file/", "", SignedIn(INVALID, INVALID, INVALID)),
    ("PATCH", "/api/rooms/{code}/messages/{id}", "/api/rooms/x/messages/1/", HELLO, IN_NO_ROOM),
    ("DELETE", "/api/rooms/{code}/messages/{id}", "/api/rooms/x/messages/1/", "", IN_NO_ROOM),
    (
        "POST",
        "/api/rooms/{code}/messages/{id}/reactions",
        "/api/rooms/x/messages/1/reactions/",
        r#"{"reaction": "+"}"#,
        IN_NO_ROOM,
    ),
    ("POST", "/api/rooms/{code}/read", "/api/rooms/x/read/", "", IN_NO_ROOM),
    ("POST", "/api/users/{id}/block", "/api/users/99/block/", "", SignedIn(NO_PERSON, NO_PERSON, NO_PERSON)),
    ("POST", "/api/users/{id}/unblock", "/api/users/99/unblock/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/user-profile/blocked", "/api/user-profile/blocked/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/rooms/{code}/export", "/api/rooms/x/export/", "", IN_NO_ROOM),
    ("GET", "/api/user-profile/export", "/api/user-profile/export/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/conversations", "/api/conversations/", "", SignedIn(OK, OK, OK)),
    (
        "POST",
        "/api/conversations",
        "/api/conversations/",
        r#"{"participant_id": 1}"#,
        SignedIn(NO_GUESTS, MADE, MADE),
    ),
    ("GET", "/api/conversations/{id}/messages", "/api/conversations/123456789/messages/", "", IN_NO_ROOM),
    (
        "POST",
        "/api/rooms/source",
        "/api/rooms/source/",
        r#"{"room_id": "x", "url": "https://example.org/"}"#,
        IN_NO_ROOM,
    ),
    (
        "POST",
        "/api/rooms/progress/save",
        "/api/rooms/progress/save/",
        r#"{"room_id": "x", "media_id": "1", "timestamp": 1}"#,
        IN_NO_ROOM,
    ),
    (
        "GET",
        "/api/rooms/progress/get",
        "/api/rooms/progress/get/?room_id=x&media_id=1&media_type=movie",
        "",
        IN_NO_ROOM,
    ),
    ("GET", "/api/rooms/{code}/resume", "/api/rooms/x/resume/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/search", "/api/rooms/search/?q=a", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/user-profile/progress", "/api/user-profile/progress/", "", SignedIn(OK, OK, OK)),
    ("GET", "/api/rooms/{code}/queue", "/api/rooms/x/queue/", "", IN_NO_ROOM),
    ("POST", "/api/rooms/{code}/queue", "/api/rooms/x/queue/", FILM, IN_NO_ROOM),
    ("PATCH", "/api/rooms/{code}/queue/{item}", "/api/rooms/x/queue/y/", "", IN_NO_ROOM),
    ("DELETE", "/api/rooms/{code}/queue/{item}", "/api/rooms/x/queue/y/", "", IN_NO_ROOM),
    ("GET", "/api/rooms/{code}/events", "/api/rooms/x/events/", "", IN_NO_ROOM),
    ("GET", "/api/admin/users", "/api/admin/users/", "", ADMINS),
    ("GET", "/api/admin/users/{id}", "/api/admin/users/1/", "", ADMINS),
    ("PATCH", "/api/admin/users/{id}", "/api/admin/users/2/", r#"{"is_disabled": true}"#, ADMINS),
    ("POST", "/api/admin/users/{id}/end-sessions", "/api/admin/users/2/end-sessions/", "", ADMINS),
    ("GET", "/api/admin/rooms", "/api/admin/rooms/", "", ADMINS),
    ("GET", "/api/admin/webhooks", "/api/admin/webhooks/", "", ADMINS),
    ("POST", "/api/admin/webhooks", "/api/admin/webhooks/", HOOK, SignedIn(FORBIDDEN, FORBIDDEN, MADE)),
    ("PATCH", "/api/admin/webhooks/{id}", "/api/admin/webhooks/x/", "", NO_HOOK),
    ("DELETE", "/api/admin/webhooks/{id}", "/api/admin/webhooks/x/", "", NO_HOOK),
    ("GET", "/api/admin/webhooks/{id}/undelivered", "/api/admin/webhooks/x/undelivered/", "", NO_HOOK),
    ("POST", "/api/admin/webhooks/{id}/resend", "/api/admin/webhooks/x/resend/", "", NO_HOOK),
    ("GET", "/api/admin/live", "/api/admin/live/", "", ADMINS),
    ("GET", "/api/admin/audit", "/api/admin/audit/", "", ADMINS),
    ("POST", "/media_post", "/media_post/", "", SignedIn(UNREAD, UNREAD, UNREAD)),
    ("POST", "/api/uploads", "/api/uploads/", r#"{"filename": "x", "size": 1}"#, SignedIn(OK, OK, OK)),
    ("GET", "/media_get", SOUND, "", SignedIn(OK, OK, OK)),
    ("HEAD", "/media_get", SOUND, "", SignedIn(OK, OK, OK)),
    ("GET", "/media/{filename}", "/media/x", "", Anyone(NOT_FOUND)),
];

const HOOK: &str = r#"{"url": "https://example.org/parlor"}"#;
const NO_HOOK: To = SignedIn(FORBIDDEN, FORBIDDEN, NOT_FOUND);
const FILM: &str = r#"{"url": "https://example.org/film.mp4"}"#;
const PROOF: &str = r#"{"current_password": "kX3!vq9Zt-lamp"}"#;
const NEW_PHRASE: &str = r#"{"current_password": "kX3!vq9Zt-lamp", "phrase": "seven green boats at dawn"}"#;
const ASK_AGAIN: &str = "/api/auth/verify-email/request/";
const SOUND: &str = "/media_get/?media_id=904cb473-5d17-4885-9363-46f466a7d140";
