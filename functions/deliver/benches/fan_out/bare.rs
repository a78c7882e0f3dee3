//! The limit: a loop around a bare HTTP client, without signatures, groups or anything else.

use std::io::{BufRead, Write};

use axum::body::{Body, Bytes};
use axum::http::Request;
use futures_util::{StreamExt as _, stream};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;

use crate::contestant::{DONE, GO};
use crate::{Failure, MESSAGE_BYTES};

/// As many as the worker has under way.
const POSTS_AT_ONCE: usize = 64;

type HttpClient = Client<HttpConnector, Body>;

/// Posts to all members whenever it is told to.
pub(crate) fn run(url: &str, members: usize) -> Result<(), Failure> {
    let mut lines = std::io::stdin().lock().lines();
    let sockets = lines.by_ref().take(members).collect::<Result<Vec<_>, _>>()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: HttpClient = Client::builder(TokioExecutor::new()).build(connector);
    say_done()?;
    for line in lines {
        if line? == GO {
            runtime.block_on(post_to_all(&client, url, &sockets))?;
            say_done()?;
        }
    }
    Ok(())
}

pub(crate) fn say_done() -> Result<(), Failure> {
    let mut output = std::io::stdout();
    writeln!(output, "{DONE}")?;
    Ok(output.flush()?)
}

async fn post_to_all(client: &HttpClient, url: &str, sockets: &[String]) -> Result<(), Failure> {
    let message = Bytes::from("x".repeat(MESSAGE_BYTES));
    let posts: Vec<_> = sockets.iter().map(|socket| post(client, url, socket, message.clone())).collect();
    let mut posts = stream::iter(posts).buffer_unordered(POSTS_AT_ONCE);
    while let Some(posted) = posts.next().await {
        posted?;
    }
    Ok(())
}

async fn post(client: &HttpClient, url: &str, socket: &str, message: Bytes) -> Result<(), Failure> {
    let uri = format!("{url}/@connections/{}", socket.replace('=', "%3D"));
    let response = client.request(Request::post(uri).body(Body::from(message))?).await?;
    let status = response.status();
    let mut body = Body::new(response.into_body()).into_data_stream();
    while let Some(piece) = body.next().await {
        piece?;
    }
    if status.is_success() { Ok(()) } else { Err(format!("a post was answered with {status}").into()) }
}
