//! Five thousand people join one room at once: each becomes a member by a call, opens a socket, and is told what there is to
//! know there. Then somebody says one thing to all of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::server::{Api, Limits, Server, code};
use crate::{Failure, verdict};

const MEMBERS: usize = 5000;
/// So many come at the same time.
const AT_ONCE: usize = 64;
/// The limit, from the first who begins to join to the last who is told what there is to know.
const LIMIT: Duration = Duration::from_secs(10);
/// Longer than this for anything, and something is lost.
const STALL: Duration = Duration::from_secs(60);
/// The last that a newcomer is told.
const GREETED: &str = r#""type":"PLAYBACK_STATE""#;
const MESSAGE: &str = "one thing to all of you";

type Socket = WebSocketStream<TcpStream>;

/// Prints it; answers whether it is within the limit.
pub(super) fn measure() -> Result<bool, Failure> {
    let server = Server::start(1, Limits::Kept)?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(storm(&server))
}

async fn storm(server: &Server) -> Result<bool, Failure> {
    let tokens = sign_in(server.api()).await?;
    let began = Instant::now();
    let (greeted, mut all_greeted) = watch::channel(0);
    let (gate, mut members) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    for token in tokens {
        members.spawn(live(server.api().clone(), token, Arc::clone(&gate), greeted.clone()));
    }
    let joining = all_greeted.wait_for(|greeted| *greeted == MEMBERS);
    tokio::select! {
        joined = timeout(STALL, joining) => drop(joined??),
        Some(ended) = members.join_next() => return Err(early(ended)),
    }
    let joined = began.elapsed();
    let said = Instant::now();
    say(server).await?;
    while let Some(heard) = timeout(STALL, members.join_next()).await? {
        heard??;
    }
    Ok(report(joined, said.elapsed()))
}

/// The people, who have accounts before they come.
async fn sign_in(api: &Api) -> Result<Vec<String>, Failure> {
    let signing_in = futures_util::stream::iter(0..MEMBERS).map(|number| api.guest(number));
    let tokens: Vec<_> = signing_in.buffer_unordered(AT_ONCE).collect().await;
    tokens.into_iter().collect()
}

/// One person: comes when it is their turn, and stays until the message has come.
async fn live(
    api: Api,
    token: String,
    gate: Arc<Semaphore>,
    greeted: watch::Sender<usize>,
) -> Result<(), Failure> {
    let turn = gate.acquire().await?;
    api.join(0, &token).await?;
    let mut socket = open(&api, &token).await?;
    hear(&mut socket, GREETED).await?;
    greeted.send_modify(|greeted| *greeted += 1);
    drop(turn);
    hear(&mut socket, MESSAGE).await
}

async fn open(api: &Api, token: &str) -> Result<Socket, Failure> {
    let authority = api.authority();
    let stream = TcpStream::connect(authority.replace("localhost", "127.0.0.1")).await?;
    let url = format!("ws://{authority}/ws/room/{}/?token={token}", code(0));
    // Thousands of the usual buffers would be a gigabyte.
    let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
    Ok(client_async_with_config(url, stream, Some(config)).await?.0)
}

async fn hear(socket: &mut Socket, what: &str) -> Result<(), Failure> {
    loop {
        match socket.next().await.ok_or("the socket ended")?? {
            Message::Text(text) if text.contains(what) => return Ok(()),
            Message::Close(frame) => return Err(format!("closed: {frame:?}").into()),
            _ => {}
        }
    }
}

async fn say(server: &Server) -> Result<(), Failure> {
    let path = format!("/api/rooms/{}/messages/", code(0));
    server.api().call(&path, server.host(), &json!({"message": MESSAGE})).await.map(drop)
}

/// Nobody goes before the message has come.
fn early(ended: Result<Result<(), Failure>, tokio::task::JoinError>) -> Failure {
    match ended {
        Ok(Err(failure)) => failure,
        Ok(Ok(())) => "somebody heard what nobody had said".into(),
        Err(panicked) => panicked.into(),
    }
}

fn report(joined: Duration, told: Duration) -> bool {
    let passed = joined <= LIMIT;
    println!("{MEMBERS} people join one room, {AT_ONCE} at a time");
    println!(
        "  all are in and greeted after {:.1} s, at most {} s: {}",
        joined.as_secs_f64(),
        LIMIT.as_secs(),
        verdict(passed)
    );
    println!("  one message has reached all of them after {:.0} ms", told.as_secs_f64() * 1e3);
    passed
}
