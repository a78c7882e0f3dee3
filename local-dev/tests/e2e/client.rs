//! A WebSocket client and an HTTP client that the project did not write.

pub mod outsider;
pub mod party;
pub mod shape;

use std::time::Duration;

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _, TryStreamExt as _};
use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Long enough for anything that comes at all on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens a socket.
    pub async fn open(url: &str) -> Self {
        Self::open_with(url, &[]).await.unwrap().0
    }

    /// Opens a socket with headers; answers the sub-protocol that was chosen, too.
    pub async fn open_with(url: &str, headers: &[(&str, &str)]) -> Result<(Self, Option<String>), Error> {
        let mut request = url.into_client_request()?;
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        }
        let (socket, response) = connect_async(request).await?;
        let protocol = response.headers().get("sec-websocket-protocol");
        Ok((Self(socket), protocol.map(|protocol| protocol.to_str().unwrap().to_owned())))
    }

    /// Says something.
    pub async fn say(&mut self, text: impl Into<String>) {
        self.0.send(Message::text(text.into())).await.unwrap();
    }

    /// Says something; answers whether that was possible.
    pub async fn try_say(&mut self, text: impl Into<String>) -> bool {
        self.0.send(Message::text(text.into())).await.is_ok()
    }

    /// The next text; none once the socket has ended, however it did.
    pub async fn try_hear(&mut self) -> Option<String> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => return Some(text.as_str().to_owned()),
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                Ok(_) | Err(_) => return None,
            }
        }
    }

    /// The next text for which this is true. On a feed there may be others' texts, too.
    pub async fn hear(&mut self, is_it: impl Fn(&str) -> bool) -> String {
        self.hear_all_until(is_it).await.pop().unwrap()
    }

    /// Waits for this text; answers all that came before it.
    pub async fn hear_text(&mut self, text: &str) -> Vec<String> {
        let mut heard = self.hear_all_until(|heard| heard == text).await;
        heard.pop();
        heard
    }

    /// Says `ping` and waits for the answer.
    pub async fn ping(&mut self) -> Value {
        self.say(r#"{"type":"ping"}"#).await;
        serde_json::from_str(&self.hear(|text| text.contains("pong")).await).unwrap()
    }

    /// Waits for such a text; answers it with all that came before it.
    pub async fn hear_all_until(&mut self, is_last: impl Fn(&str) -> bool) -> Vec<String> {
        let mut heard = Vec::new();
        let listening = async {
            while !heard.last().is_some_and(|text: &String| is_last(text)) {
                heard.push(self.next().await);
            }
        };
        let in_time = timeout(PATIENCE, listening).await.is_ok();
        assert!(in_time, "it never came, but these did: {heard:?}");
        heard
    }

    /// The next text, whatever it is.
    async fn next(&mut self) -> String {
        loop {
            match self.0.next().await.expect("the socket ended").unwrap() {
                Message::Text(text) => return text.as_str().to_owned(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Waits for the close; answers its code and reason.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match timeout(PATIENCE, self.0.next())
                .await
                .expect("nothing came")
                .expect("no close frame")
                .unwrap()
            {
                Message::Close(frame) => {
                    let frame = frame.expect("a close code");
                    return (frame.code.into(), frame.reason.as_str().to_owned());
                }
                _ => continue,
            }
        }
    }
}

/// How a socket is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The handshake has a status.
    Status(u16),
    /// The handshake succeeds, and the socket is closed with a code and a reason.
    Close(u16, String),
}

/// Waits until a socket is refused. One that stays open is a failure.
pub async fn refusal(url: &str) -> Refusal {
    refusal_with(url, &[]).await
}

/// The same with headers.
pub async fn refusal_with(url: &str, headers: &[(&str, &str)]) -> Refusal {
    match Socket::open_with(url, headers).await {
        Ok((mut socket, _)) => {
            let (code, reason) = socket.closed().await;
            Refusal::Close(code, reason)
        }
        Err(Error::Http(response)) => Refusal::Status(response.status().as_u16()),
        Err(other) => panic!("{other}"),
    }
}

/// Somebody who is signed in.
pub struct Guest {
    pub answer: Value,
    pub cookie: String,
    pub http: reqwest::Client,
}

impl Guest {
    /// Signs in.
    pub async fn sign_in(url: &str) -> Self {
        Self::try_sign_in(url).await.unwrap_or_else(|answer| panic!("{answer:?}"))
    }

    /// Signs in; answers the refusal if that fails.
    pub async fn try_sign_in(url: &str) -> Result<Self, Response> {
        let http = reqwest::Client::new();
        let response = http.post(format!("{url}/api/auth/guest/")).json(&json!({ "display_name": "Ann" }));
        let response = response.send().await.unwrap();
        if response.status() != StatusCode::OK {
            return Err(response);
        }
        let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Ok(Self { answer: response.json().await.unwrap(), cookie, http })
    }

    /// The JWT.
    pub fn access_token(&self) -> &str {
        self.answer["access_token"].as_str().unwrap()
    }

    /// Who it is.
    pub fn id(&self) -> String {
        self.answer["id"].to_string()
    }

    /// The opaque token.
    pub fn token(&self) -> &str {
        self.answer["token"].as_str().unwrap()
    }

    /// Uploads a file.
    pub async fn upload(&self, url: &str, name: &str, bytes: impl Into<Vec<u8>>) -> Response {
        let part = Part::bytes(bytes.into()).file_name(name.to_owned());
        self.post(url, Form::new().part("file", part)).await
    }

    /// Uploads a form.
    pub async fn post(&self, url: &str, form: Form) -> Response {
        let request = self.http.post(format!("{url}/media_post/")).bearer_auth(self.access_token());
        with_form(request, form).send().await.unwrap()
    }

    /// Gets a medium, with headers.
    pub async fn get(&self, url: &str, media_id: &str, headers: &[(&str, &str)]) -> Response {
        let request = self.http.get(format!("{url}/media_get/")).query(&[("media_id", media_id)]);
        let request = request.bearer_auth(self.access_token());
        headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value))
            .send()
            .await
            .unwrap()
    }
}

/// Sends a form as bytes that can be sent twice: a call with a slash at its end may be answered 308 on AWS, and `reqwest`
/// follows with nothing that it would have to stream again.
pub fn with_form(request: RequestBuilder, form: Form) -> RequestBuilder {
    let kind = format!("multipart/form-data; boundary={}", form.boundary());
    let pieces = form.into_stream().try_collect::<Vec<_>>().now_or_never();
    let body = pieces.expect("parts that are in memory").unwrap().concat();
    request.header("content-type", kind).body(body)
}
