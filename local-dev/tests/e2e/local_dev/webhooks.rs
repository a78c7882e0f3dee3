//! Other programs are told what happens in rooms: a real server, and a real receiver.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::LocalDev;
use crate::accounts::{Api, PASSWORD, expect, text};
use crate::client::PATIENCE;
use crate::target::unique;

/// A program that takes webhooks. It ends with its test.
struct Receiver {
    address: SocketAddr,
    taken: mpsc::UnboundedReceiver<Delivery>,
}

struct Delivery {
    head: String,
    body: String,
}

impl Receiver {
    async fn start() -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    fn on(listener: TcpListener) -> Self {
        let (deliveries, taken) = mpsc::unbounded_channel();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = deliveries.send(delivery(&mut stream).await);
                stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").await.unwrap();
            }
        });
        Self { address, taken }
    }

    fn url(&self) -> String {
        format!("http://{}/parlor", self.address)
    }

    async fn next(&mut self) -> Delivery {
        timeout(PATIENCE, self.taken.recv()).await.expect("nothing was delivered").unwrap()
    }
}

async fn delivery(stream: &mut TcpStream) -> Delivery {
    let mut read = String::new();
    loop {
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).await.unwrap();
        read += std::str::from_utf8(&buffer[..length]).unwrap();
        let Some((head, body)) = read.split_once("\r\n\r\n") else { continue };
        let delivery = Delivery { head: head.to_owned(), body: body.to_owned() };
        if body.len() >= delivery.header("content-length").parse().unwrap() {
            return delivery;
        }
    }
}

impl Delivery {
    fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).expect(name).1
    }

    /// What it says, once its signature has been found to be right.
    fn verified(&self, secret: &str) -> Value {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let (id, at) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        let mac = mac.chain_update(format!("{id}.{at}.{}", self.body)).finalize();
        assert_eq!(self.header("webhook-signature"), format!("v1,{}", STANDARD.encode(mac.into_bytes())));
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A server with an admin, and a room that lets other programs listen.
struct Scene {
    target: LocalDev,
    api: Api,
    admin: Value,
    host: Value,
    code: String,
}

impl Scene {
    async fn new(options: &[&str]) -> Self {
        let target = LocalDev::start_with(options);
        let api = Api::at(&target.http);
        make_admin(&target);
        let admin = json!({"email": "root@example.org", "password": PASSWORD});
        let admin = api.call("/api/auth/login/", admin, 200).await;
        let host = api.login(&api.register().await).await;
        let code = unique("kino");
        api.call_as(&host, "/api/rooms/", json!({"code": code}), 201).await;
        let scene = Self { target, api, admin, host, code };
        let path = format!("/api/rooms/{}/", scene.code);
        scene.ask(&scene.host, Method::PATCH, &path, json!({"webhooks": true}), 200).await;
        scene
    }

    async fn ask(&self, who: &Value, method: Method, path: &str, body: Value, status: u16) -> Value {
        let request = self.api.http.request(method, format!("{}{path}", self.api.url));
        expect(request.bearer_auth(text(&who["token"])).json(&body), status).await
    }

    /// Adds a webhook for messages; answers its secret.
    async fn add(&self, url: &str) -> String {
        let body = json!({"url": url, "events": ["message"]});
        let made = self.api.call_as(&self.admin, "/api/admin/webhooks/", body, 201).await;
        text(&made["secret"]).to_owned()
    }

    async fn say(&self, message: &str) {
        let path = format!("/api/rooms/{}/messages/", self.code);
        self.api.call_as(&self.host, &path, json!({"message": message}), 201).await;
    }

    /// Waits until the only webhook has failed; answers why.
    async fn failed(&self) -> String {
        let failed = timeout(PATIENCE, async {
            loop {
                let hooks = self.ask(&self.admin, Method::GET, "/api/admin/webhooks/", json!({}), 200).await;
                if hooks[0]["failures"] != 0 {
                    return text(&hooks[0]["last_error"]).to_owned();
                }
                sleep(Duration::from_millis(100)).await;
            }
        });
        failed.await.expect("the webhook has not failed")
    }
}

fn make_admin(target: &LocalDev) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_local-dev"));
    command.args(["admin", "create", "--email", "root@example.org", "--password-stdin", "--store"]);
    command.arg(target.store()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), format!("{PASSWORD}\n").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn a_receiver_on_this_machine_is_told_under_a_signature_that_it_can_verify() {
    let scene = Scene::new(&["--reach", "loopback"]).await;
    let mut receiver = Receiver::start().await;
    let secret = scene.add(&receiver.url()).await;
    scene.say("hello").await;
    let told = receiver.next().await.verified(&secret);
    assert_eq!((&told["type"], &told["data"]["message"]), (&json!("message"), &json!("hello")));
    assert_eq!(told["data"]["room"], scene.code.as_str());
}

#[tokio::test]
async fn a_receiver_that_was_away_gets_what_was_said_meanwhile() {
    let scene = Scene::new(&["--reach", "loopback"]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let secret = scene.add(&format!("http://{address}/parlor")).await;
    scene.say("is anybody there?").await;
    assert_eq!(scene.failed().await, "It cannot be reached.");
    let mut receiver = Receiver::on(TcpListener::bind(address).await.unwrap());
    let told = receiver.next().await.verified(&secret);
    assert_eq!(told["data"]["message"], "is anybody there?");
}

#[tokio::test]
async fn without_being_told_to_the_server_calls_nobody_on_its_own_machine() {
    let scene = Scene::new(&[]).await;
    let mut receiver = Receiver::start().await;
    for url in [receiver.url(), "https://127.0.0.1/".to_owned(), "https://169.254.169.254/".to_owned()] {
        let refused = scene.api.call_as(&scene.admin, "/api/admin/webhooks/", json!({"url": url}), 400).await;
        assert_eq!(refused["code"], "INVALID_INPUT", "{url}");
    }
    // What a name leads to is known once it is called.
    scene.add(&format!("https://localhost:{}/parlor", receiver.address.port())).await;
    scene.say("hello").await;
    assert_eq!(scene.failed().await, "This address is not public.");
    assert!(receiver.taken.try_recv().is_err());
    let (_, log) = scene.target.stop();
    assert!(!log.contains("hello"), "{log}");
}
