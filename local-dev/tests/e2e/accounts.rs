//! Accounts, from the first call to the last.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::broadcast_feed::known;
use crate::client::{PATIENCE, Socket};
use crate::target::{Target, unique};

pub const PASSWORD: &str = "kX3!vq9Zt-lamp";
const PHRASE: &str = "seven green boats at dawn";

/// Calls to a target's API.
pub struct Api {
    pub url: String,
    pub http: Client,
}

impl Api {
    /// The target's.
    pub fn of(target: &Target) -> Self {
        Self::at(&target.http)
    }

    /// That of this URL, without a slash at the end.
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), http: Client::new() }
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.url)).json(body)
    }

    /// The answer to a call of this status.
    pub async fn call(&self, path: &str, body: Value, status: u16) -> Value {
        expect(self.post(path, &body), status).await
    }

    /// The same with a token.
    pub async fn call_as(&self, tokens: &Value, path: &str, body: Value, status: u16) -> Value {
        expect(self.post(path, &body).bearer_auth(text(&tokens["token"])), status).await
    }

    /// An account that nobody else has; answers its username.
    pub async fn register(&self) -> String {
        let name = unique("ann");
        let body = json!({"username": name, "email": format!("{name}@example.org"), "password": PASSWORD});
        let answer = self.call("/api/register/", body, 201).await;
        assert_eq!(answer["user"]["username"], name.as_str());
        name
    }

    /// The tokens of somebody.
    pub async fn login(&self, name: &str) -> Value {
        self.call("/api/login/", json!({"username": name, "password": PASSWORD}), 200).await
    }

    /// The status of a look at one's own profile.
    pub async fn profile(&self, token: &str) -> StatusCode {
        let request = self.http.get(format!("{}/api/user-profile/", self.url)).bearer_auth(token);
        request.send().await.unwrap().status()
    }
}

/// The answer to a request of this status.
pub async fn expect(request: RequestBuilder, status: u16) -> Value {
    let response: Response = request.send().await.unwrap();
    let (got, body) = (response.status(), response.text().await.unwrap());
    assert_eq!(got, status, "{body}");
    serde_json::from_str(&body).unwrap()
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn a_keyboard_that_spells_letters_differently_gets_in_and_a_letter_in_disguise_is_refused() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = unique("zoe");
    let composed = json!({"username": name, "password": "p\u{e4}ssw\u{f6}rd \u{e9}p\u{e9}e 7"});
    api.call("/api/register/", composed, 201).await;
    let decomposed = json!({"username": name, "password": "pa\u{308}sswo\u{308}rd e\u{301}pe\u{301}e 7"});
    api.call("/api/login/", decomposed, 200).await;
    for (field, value) in [
        ("username", format!("\u{212a}{name}")),
        ("email", format!("\u{212a}{name}@example.org")),
        ("display_name", "\u{3164}".to_owned()),
        ("display_name", "Ann\u{ad}".to_owned()),
    ] {
        let mut body = json!({"username": unique("kim"), "password": PASSWORD});
        body[field] = value.into();
        let refused = api.call("/api/register/", body, 400).await;
        assert!(refused["fields"][field].is_string(), "{refused}");
    }
}

#[tokio::test]
async fn a_beginning_of_a_name_that_no_key_has_room_for_is_refused() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let ann = api.login(&api.register().await).await;
    let url = format!("{}/api/users/?username={}", api.url, "x".repeat(1025));
    let refused = api.http.get(url).bearer_auth(text(&ann["token"])).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_account_is_made_signed_in_to_refreshed_and_left() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = api.register().await;
    let email = format!("{}@EXAMPLE.org", name.to_uppercase());
    let tokens = api.call("/api/auth/login/", json!({"email": email, "password": PASSWORD}), 200).await;
    assert_eq!((&tokens["username"], &tokens["role"]), (&json!(name), &json!("member")));
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    let new = api.call("/api/auth/refresh/", refresh.clone(), 200).await;
    let again = api.call("/api/auth/refresh/", refresh, 200).await;
    for field in ["refresh_token", "access_token", "token"] {
        assert_eq!(new[field], again[field], "a lost answer is given again: {field}");
    }
    for token in [&new["access_token"], &new["token"], &tokens["access_token"]] {
        assert_eq!(api.profile(text(token)).await, 200);
    }
    api.call_as(&new, "/api/auth/logout/", json!({}), 200).await;
    for token in [&new["access_token"], &new["token"], &tokens["access_token"]] {
        assert_eq!(api.profile(text(token)).await, 401);
    }
    api.call("/api/auth/refresh/", json!({"refresh": new["refresh"]}), 401).await;
    assert_eq!(api.call("/api/auth/logout/", json!({}), 200).await["success"], true);
}

#[tokio::test]
async fn a_username_and_a_phrase_are_enough_and_a_wrong_one_says_no_more_than_that() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = unique("phrase");
    api.call("/api/register/", json!({"username": name, "phrase": PHRASE}), 201).await;
    api.call("/api/login/", json!({"username": name, "phrase": PHRASE}), 200).await;
    let wrong = api.call("/api/login/", json!({"username": name, "phrase": PASSWORD}), 401).await;
    let nobody = json!({"username": unique("nobody"), "phrase": PASSWORD});
    assert_eq!(api.call("/api/login/", nobody, 401).await, wrong);
    assert_eq!(wrong["code"], "WRONG_CREDENTIALS");
}

#[tokio::test]
async fn one_name_is_one_persons_however_many_want_it_at_once() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = unique("wanted");
    let bodies: Vec<_> = (0..target.crowd)
        .map(|number| {
            let name = if number % 2 == 0 { name.clone() } else { name.to_uppercase() };
            json!({"username": name, "phrase": PHRASE})
        })
        .collect();
    let responses = join_all(bodies.iter().map(|body| api.post("/api/register/", body).send())).await;
    let mut statuses: Vec<_> =
        responses.into_iter().map(|response| response.unwrap().status().as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert!(statuses[1..].iter().all(|status| *status == 409), "{statuses:?}");
}

#[tokio::test]
async fn signing_out_closes_the_sessions_sockets_within_a_second_and_no_others() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = api.register().await;
    let (mine, other) = (api.login(&name).await, api.login(&name).await);
    let open = async |tokens: &Value| {
        let url = target.ws(&format!("/ws/feed/?token={}", text(&tokens["access_token"])));
        let mut socket = Socket::open(&url).await;
        known(&target, &tokens["id"].to_string(), &mut socket).await;
        socket
    };
    let (mut ending, mut staying) = (open(&mine).await, open(&other).await);
    api.call_as(&mine, "/api/auth/logout/", json!({}), 200).await;
    let within = if target.is_one_process() { Duration::from_secs(1) } else { PATIENCE };
    let error = timeout(within, ending.hear(|text| text.contains("SESSION_ENDED"))).await;
    let error: Value = serde_json::from_str(&error.expect("in time")).unwrap();
    assert_eq!((&error["type"], &error["close"]), (&json!("ERROR"), &json!(4009)));
    if target.is_one_process() {
        assert_eq!(ending.closed().await, (4009, "SESSION_ENDED".to_owned()));
    }
    staying.ping().await;
    api.call_as(&other, "/api/auth/logout/?all", json!({}), 200).await;
    staying.hear(|text| text.contains("SESSION_ENDED")).await;
}

#[tokio::test]
async fn a_profile_is_changed_found_and_taken_away() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = api.register().await;
    let tokens = api.login(&name).await;
    let token = text(&tokens["token"]);
    let url = format!("{}/api/user-profile/", api.url);
    let patch = api.http.patch(&url).bearer_auth(token).json(&json!({"display_name": "Ann Lee"}));
    assert_eq!(expect(patch, 200).await["display_name"], "Ann Lee");
    // An index may be a moment behind on AWS; this is a table's partition, but read without a guarantee.
    let looking = async {
        loop {
            let search = api.http.get(format!("{}/api/users/", api.url)).query(&[("username", &name)]);
            let found = expect(search.bearer_auth(token), 200).await;
            let person =
                json!({"id": tokens["id"], "username": name, "display_name": "Ann Lee", "photo": null});
            if found == json!([person]) {
                break;
            }
        }
    };
    timeout(PATIENCE, looking).await.expect("the new name is found");
    let change = json!({"current_password": PASSWORD, "phrase": PHRASE});
    api.call_as(&tokens, "/api/auth/password/", change, 200).await;
    let half = api.call("/api/login/", json!({"username": name, "password": PASSWORD}), 401).await;
    assert_eq!(half["code"], "PHRASE_REQUIRED");
    let email = format!("{name}@example.org");
    let both = json!({"email": email, "password": PASSWORD, "phrase": PHRASE});
    assert!(api.call("/api/auth/login/", both, 200).await["message"].is_string());
    api.call("/api/login/", json!({"username": name, "phrase": PHRASE}), 200).await;
    let delete = |body: Value| api.http.delete(&url).bearer_auth(token).json(&body);
    assert_eq!(expect(delete(json!({})), 403).await["code"], "FORBIDDEN", "a session alone is not enough");
    expect(delete(json!({"current_phrase": PHRASE})), 200).await;
    assert_eq!(api.profile(token).await, 401);
    api.call("/api/login/", json!({"username": name, "phrase": PHRASE}), 401).await;
    api.call("/api/register/", json!({"username": name, "phrase": PHRASE}), 201).await;
}

#[tokio::test]
async fn a_ticket_opens_one_socket_under_its_owners_name() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let tokens = api.login(&api.register().await).await;
    let ticket = async || {
        let answer = api.call_as(&tokens, "/api/ws-ticket/", json!({}), 200).await;
        assert_eq!(answer["expires_in"], 30);
        text(&answer["ticket"]).to_owned()
    };
    let first = target.ws(&format!("/ws/feed/?token={}", ticket().await));
    let protocols = format!("parlor.v1, ticket.{}", ticket().await);
    let headers = [("sec-websocket-protocol", protocols.as_str())];
    let mut by_url = Socket::open(&first).await;
    let (mut by_protocol, chosen) = Socket::open_with(&target.ws("/ws/feed/"), &headers).await.unwrap();
    assert_eq!(chosen.as_deref(), Some("parlor.v1"));
    for socket in [&mut by_url, &mut by_protocol] {
        known(&target, &tokens["id"].to_string(), socket).await;
    }
    // The second use opens an anonymous socket: the feed turns nobody away.
    let mut stranger = Socket::open(&first).await;
    let (hers, all) = (format!(r#"{{"{}":1}}"#, unique("hers")), unique("all"));
    stranger.ping().await;
    target.drops.put(&format!("users/{}/{}.txt", tokens["id"], unique("x")), hers.clone()).await;
    by_url.hear_text(&hers).await;
    by_protocol.hear_text(&hers).await;
    target.drops.put(&format!("{all}.txt"), all.clone()).await;
    let before = stranger.hear_text(&all).await;
    assert!(!before.contains(&hers), "{before:?}");
}

#[tokio::test]
async fn who_guesses_has_to_wait_whether_or_not_the_account_exists() {
    let target = Target::start().await;
    let api = Api::of(&target);
    for name in [api.register().await, unique("nobody")] {
        let guess = json!({"username": name, "password": "not it at all"});
        let guessing = async {
            loop {
                let response = api.post("/api/login/", &guess).send().await.unwrap();
                if response.status() != StatusCode::UNAUTHORIZED {
                    return response;
                }
            }
        };
        let response = timeout(4 * PATIENCE, guessing).await.expect("an end to guessing");
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        let seconds = |name: &str| -> u64 { response.headers()[name].to_str().unwrap().parse().unwrap() };
        assert!((1..=300).contains(&seconds("retry-after")));
        assert_eq!(seconds("ratelimit-reset"), seconds("retry-after"));
        assert_eq!((seconds("ratelimit-limit"), seconds("ratelimit-remaining")), (20, 0));
        assert_eq!(response.json::<Value>().await.unwrap()["code"], "RATE_LIMITED");
    }
}
