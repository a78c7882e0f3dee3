//! Every documented payload of three clients that were written for other servers, as they send and read them.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::accounts::{Api, PASSWORD, expect, text};
use crate::client::shape::assert_shaped_like;
use crate::client::{Socket, with_form};
use crate::target::{Target, unique};

/// A part of a number that no other scenario's group has: process and count.
fn group_number() -> u64 {
    let name = unique("");
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    1_000_000 + digits.parse::<u64>().unwrap() % 1_000_000_000
}

async fn get(api: &Api, tokens: &Value, path: &str) -> Value {
    let request = api.http.get(format!("{}{path}", api.url));
    expect(request.header("Authorization", format!("Token {}", text(&tokens["token"]))), 200).await
}

async fn hear(socket: &mut Socket, field: &str, name: &str) -> Value {
    let is_meant = |heard: &str| {
        let value: Value = serde_json::from_str(heard).unwrap_or_default();
        value[field] == name
    };
    serde_json::from_str(&socket.hear(is_meant).await).unwrap()
}

/// Two people in a room; the first one's picture is set.
struct Pair {
    target: Target,
    api: Api,
    ann: Value,
    bob: Value,
}

impl Pair {
    async fn in_room(code: &str) -> Self {
        let target = Target::start().await;
        let api = Api::of(&target);
        let mut people = Vec::new();
        for _ in 0..2 {
            let name = api.register().await;
            let email = format!("{name}@example.org");
            people
                .push(api.call("/api/user/login/", json!({"email": email, "password": PASSWORD}), 200).await);
        }
        let [ann, bob] = <[Value; 2]>::try_from(people).unwrap();
        api.call_as(&ann, "/api/rooms/create/", json!({"code": code, "name": "2nd year"}), 201).await;
        api.call_as(&bob, "/api/rooms/join/", json!({"code": code}), 200).await;
        Self { target, api, ann, bob }
    }

    /// A socket with the opaque token in its URL.
    async fn socket(&self, who: &Value, path: &str, more: &str) -> Socket {
        Socket::open(&self.target.ws(&format!("{path}?token={}{more}", text(&who["token"])))).await
    }
}

#[tokio::test]
async fn the_kotlin_app_sends_as_its_socket_opens_and_reads_what_its_documentation_shows() {
    let room = unique("2nd_year");
    let pair = Pair::in_room(&room).await;
    let path = format!("/ws/chat/{room}/");
    let mut bob = pair.socket(&pair.bob, &path, "").await;
    let mut ann = pair.socket(&pair.ann, &path, "").await;
    ann.say(r#"{"message": "Hello, world!", "message_type": "text"}"#).await;
    hear(&mut ann, "message", "Hello, world!").await;
    ann.say("{\n    \"message\": \"hello everyone\"\n}").await;
    let documented = json!({
        "message": "hello everyone",
        "sender": {
            "name": "Anagh",
            "photo": "http://res.cloudinary.com/dcbla9zbl/image/upload/v1739107362/lwfugihthelebahq8pbz.jpg",
            "id": 1,
            "role": "member"
        },
        "message_type": "text",
        "id": 43,
        "attachment": null,
        "created_at": "2025-02-15T17:07:32.256110+00:00",
        "room": "2nd_year"
    });
    for socket in [&mut ann, &mut bob] {
        let heard = hear(socket, "message", "hello everyone").await;
        assert_shaped_like(&heard, &documented, "message");
        assert_eq!((&heard["room"], &heard["id"]), (&json!(room), &json!(2)));
        let at = text(&heard["created_at"]);
        assert!(at.len() == 32 && at.ends_with("+00:00") && &at[19..20] == ".", "{at}");
    }
    // Text with a quote, which this app doesn't escape: an error, and the socket stays.
    ann.say(r#"{"action": "send_message", "message": "say "hi"", "message_type": "text"}"#).await;
    assert_eq!(hear(&mut ann, "type", "ERROR").await["code"], "MALFORMED");
    ann.say(r#"{"action": "send_message", "message": "still here"}"#).await;
    hear(&mut bob, "message", "still here").await;
}

#[tokio::test]
async fn the_app_with_numbered_groups_reads_actions_and_other_clients_events() {
    let group = group_number();
    let pair = Pair::in_room(&group.to_string()).await;
    let Pair { ann: host, bob: member, .. } = &pair;
    let path = format!("/ws/chat/{group}/");
    let mut ann = pair.socket(host, &path, "").await;
    let mut bob = pair.socket(member, &path, "").await;
    let mut all = pair.socket(member, &path, "&events=all").await;
    bob.say(r#"{"action": "typing"}"#).await;
    let typing = hear(&mut ann, "action", "typing").await;
    let sender =
        json!({"name": "UserFirstName", "photo": "http://example.com/photo.jpg", "id": 1, "role": "member"});
    assert_shaped_like(&typing, &json!({"action": "typing", "sender": sender, "is_typing": true}), "typing");
    assert_eq!((&typing["is_typing"], &typing["sender"]["id"]), (&json!(true), &member["id"]));
    bob.say(r#"{"action": "stop_typing"}"#).await;
    assert_eq!(hear(&mut ann, "action", "typing").await["is_typing"], false);
    let mention = format!(
        r#"{{"action": "send_message", "message": "hello @ann", "message_type": "text", "mentions": [{}]}}"#,
        host["id"]
    );
    bob.say(mention).await;
    let said = hear(&mut ann, "message", "hello @ann").await;
    let id = &said["id"];
    assert_eq!((&said["is_self"], said.get("action"), id.is_u64()), (&json!(false), None, true));
    bob.say(format!(
        r#"{{"action": "edit_message", "new_content": "hello csi members", "message_id": {id}}}"#
    ))
    .await;
    let edited = hear(&mut ann, "action", "edited").await;
    assert_eq!((&edited["id"], &edited["new_content"]), (id, &json!("hello csi members")));
    ann.say(format!(r#"{{"action": "react_message", "message_id": {id}, "reaction": "Like"}}"#)).await;
    let reacted = hear(&mut bob, "action", "reacted").await;
    assert_eq!((&reacted["id"], &reacted["reactions"]), (id, &json!({"Like": 1})));
    // The same under the names that all other clients know, and without any action.
    for kind in ["CHAT_MESSAGE", "MESSAGE_EDITED", "MESSAGE_REACTED"] {
        assert_eq!(hear(&mut all, "type", kind).await.get("action"), None);
    }
    bob.say(format!(r#"{{"action": "delete_message", "message_id": {id}}}"#)).await;
    assert_eq!(hear(&mut ann, "action", "deleted").await["id"], *id);
    hear(&mut all, "type", "MESSAGE_DELETED").await;
}

#[tokio::test]
async fn the_app_with_numbered_groups_reads_its_lists_by_a_strict_binder() {
    let group = group_number();
    let pair = Pair::in_room(&group.to_string()).await;
    let Pair { api, ann: host, bob: member, .. } = &pair;
    let said = json!({"room": group, "message": "hello @ann", "mentions": [host["id"]]});
    api.call_as(member, "/api/send-message/", said, 201).await;
    let react = format!("/api/rooms/{group}/messages/1/reactions/");
    api.call_as(host, &react, json!({"reaction": "Like"}), 200).await;
    let groups = get(api, host, "/api/chat/groups/").await;
    let person = json!({
        "id": 1, "first_name": "Anagh", "last_name": "Jaiswar", "role": "member", "photo": null, "year": null,
    });
    let documented = json!([{
        "id": 5, "name": "2nd year", "description": "", "members_count": 2, "unread_count": 1, "room_avatar": null,
        "created_at": "", "updated_at": "",
        "last_message": {"id": 62, "content": "", "created_at": "", "sender": person},
    }]);
    assert_shaped_like(&groups, &documented, "groups");
    assert_eq!((&groups[0]["id"], &groups[0]["unread_count"]), (&json!(group), &json!(1)));
    let messages = format!("/api/chat/groups/{group}/messages/?page=1&page_size=100");
    let listed = get(api, host, &messages).await;
    let documented = json!({"count": 1, "next": null, "previous": null, "results": [{
        "id": 62, "content": "", "sender": person, "reactions": {"Like": 1}, "mentions": [13], "status": {}, "room": 5,
        "is_self": false, "message_type": "text", "attachment": null, "created_at": "",
    }]});
    assert_shaped_like(&listed, &documented, "messages");
    assert_eq!(
        (&listed["results"][0]["room"], &listed["results"][0]["mentions"]),
        (&json!(group), &json!([host["id"]]))
    );
    let beyond = api.http.get(format!("{}/api/chat/groups/{group}/messages/?page=2", api.url));
    expect(beyond.bearer_auth(text(&host["token"])), 404).await;
    let found =
        get(api, host, &format!("/api/chat/groups/{group}/search/members/?q={}", text(&member["username"])))
            .await;
    assert_eq!(found[0]["id"], member["id"]);
    assert_shaped_like(&found, &json!([person]), "members");
    api.call_as(host, &format!("/api/chat/groups/{group}/mark-as-read/"), json!({}), 200).await;
    assert_eq!(get(api, host, "/api/chat/groups/").await[0]["unread_count"], 0);
    api.call_as(member, "/api/user/logout/", json!({}), 200).await;
}

#[tokio::test]
async fn the_react_client_signs_up_with_a_picture_and_in_by_its_phrase() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = unique("Ann Mary");
    let phrase = "seven green boats at dawn";
    let form = Form::new()
        .text("username", name.clone())
        .text("phrase", phrase)
        .part("profile_pic", Part::bytes(&b"\x89PNG\r\n\x1a\nnot much"[..]).file_name("me.png"));
    let register = api.http.post(format!("{}/api/accounts/register/", api.url));
    let made = expect(with_form(register, form), 201).await;
    assert!(made["message"].is_string() && made["user"]["profile_pic"].is_string());
    let tokens = api.call("/api/accounts/login/", json!({"username": name, "phrase": phrase}), 200).await;
    api.call("/api/login/", json!({"username": name, "phrase": phrase}), 200).await;
    for field in ["access", "refresh", "access_token", "token"] {
        assert!(tokens[field].is_string(), "{field}");
    }
    assert_eq!(get(&api, &tokens, "/api/user-profile/").await["username"], name.as_str());
    let asked = api.call("/api/auth/forgot-password/", json!({"email": "nobody@example.org"}), 200).await;
    assert!(asked["message"].is_string());

    // From the browser's console, by the session's cookie alone or by a token.
    let mut socket = Socket::open(&target.ws(&format!("/ws/chat/?token={}", text(&tokens["access"])))).await;
    socket.say(r#"{"type":"chat","message":"Hello from browser!"}"#).await;
    let echo = hear(&mut socket, "message", "Hello from browser!").await;
    assert_eq!((&echo["type"], &echo["is_self"]), (&json!("new_message"), &json!(true)));
    assert!(api.call_as(&tokens, "/api/accounts/logout/", json!({}), 200).await["message"].is_string());
}

#[tokio::test]
async fn the_react_client_sends_files_that_are_read_under_media_and_by_who_is_in() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let tokens = api.login(&api.register().await).await;
    let other = api.register().await;
    let other = api.login(&other).await;
    let upload = |form| {
        with_form(
            api.http.post(format!("{}/api/upload-file/", api.url)).bearer_auth(text(&tokens["access"])),
            form,
        )
    };
    let file = || Part::bytes(&b"GIF89a\x40\x01\xf0\0..."[..]).file_name("a b.gif");
    let kept = expect(upload(Form::new().part("file", file())), 200).await;
    let url = format!("{}/media/{}", api.url, text(&kept["filename"]));
    let got = api.http.get(&url).send().await.unwrap();
    assert_eq!((got.status().as_u16(), got.bytes().await.unwrap().len()), (200, 13));
    assert_eq!(
        (&kept["name"], &kept["content_type"], &kept["size"]),
        (&json!("a b.gif"), &json!("image/gif"), &json!(13))
    );
    // To somebody by their number, in both ways: they get the file, and hear of it on their inbox.
    let path = format!("/ws/chat/?token={}", text(&other["token"]));
    let mut inbox = Socket::open(&target.ws(&path)).await;
    let form =
        Form::new().part("file", file()).text("receiver_id", other["id"].to_string()).text("message", "look");
    let sent = expect(upload(form), 200).await;
    let heard = hear(&mut inbox, "message", "look").await;
    assert_eq!((&heard["type"], &heard["attachment"]), (&json!("new_message"), &sent["url"]));
    assert_eq!((&heard["media"]["width"], &heard["media"]["media_id"]), (&json!(320), &sent["media_id"]));
    let body = json!({"receiver": other["username"], "message": "and this", "attachment": kept["media_id"]});
    let said = api.call_as(&tokens, "/api/send-message/", body, 201).await;
    assert_eq!((&said["room"], &said["attachment"].is_string()), (&heard["room"], &true));
    let look = async |who: &Value, media: &Value| {
        let request = api.http.get(format!("{}/media_get/", api.url)).query(&[("media_id", text(media))]);
        request.bearer_auth(text(&who["token"])).send().await.unwrap().status().as_u16()
    };
    let stranger = api.call("/api/auth/guest/", json!({"display_name": "Eve"}), 200).await;
    for media in [&sent["media_id"], &kept["media_id"]] {
        assert_eq!((look(&other, media).await, look(&stranger, media).await), (200, 404));
    }
}

#[tokio::test]
async fn the_flutter_app_talks_on_its_inbox_and_over_http() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let (ann, bob) = (api.register().await, api.register().await);
    let (ann, bob) = (api.login(&ann).await, api.login(&bob).await);
    let open = async |who: &Value| {
        Socket::open(&target.ws(&format!("/ws/chat/?token={}", text(&who["access"])))).await
    };
    let (mut anns, mut bobs) = (open(&ann).await, open(&bob).await);
    anns.say(r#"{"type": "ping", "timestamp": "2024-01-01T00:00:00Z"}"#).await;
    assert_eq!(hear(&mut anns, "type", "pong").await["timestamp"], "2024-01-01T00:00:00Z");
    let begun = json!({"participant_id": bob["id"], "message": "hi"});
    let conversation = api.call_as(&ann, "/api/conversations/", begun, 201).await;
    assert!(conversation["id"].is_u64());
    let id = &conversation["id"];
    assert_eq!(hear(&mut bobs, "type", "new_message").await["conversation_id"], *id);
    bobs.say(json!({"type": "join_conversation", "conversation_id": id}).to_string()).await;
    assert_eq!(hear(&mut bobs, "type", "conversation_joined").await["conversation_id"], *id);
    bobs.say(json!({"type": "new_message", "conversation_id": id, "content": "by socket"}).to_string()).await;
    let heard = hear(&mut anns, "message", "by socket").await;
    assert_eq!((&heard["username"], &heard["user"]), (&bob["display_name"], &bob["display_name"]));
    let body = json!({"conversation_id": id, "content": "by HTTP"});
    api.call_as(&bob, "/api/send-message/", body, 201).await;
    hear(&mut anns, "message", "by HTTP").await;
    let listed = get(&api, &ann, "/api/conversations/").await;
    assert_eq!((&listed[0]["unread_count"], &listed[0]["id"]), (&json!(2), id));
    bobs.say(json!({"type": "typing", "conversation_id": id, "is_typing": true}).to_string()).await;
    let typing = hear(&mut anns, "type", "typing").await;
    assert_eq!((&typing["username"], &typing["is_typing"]), (&bob["display_name"], &json!(true)));
    anns.say(json!({"type": "read_receipt", "conversation_id": id, "message_id": 3}).to_string()).await;
    assert_eq!(hear(&mut bobs, "type", "read_receipt").await["message_id"], 3);
    assert_eq!(get(&api, &ann, "/api/conversations/").await[0]["unread_count"], 0);
    bobs.say(json!({"type": "leave_conversation", "conversation_id": id}).to_string()).await;
    let history = get(&api, &bob, &format!("/api/conversations/{id}/messages/")).await;
    let texts: Vec<_> = history.as_array().unwrap().iter().map(|message| text(&message["message"])).collect();
    assert_eq!(texts, ["hi", "by socket", "by HTTP"]);
}
