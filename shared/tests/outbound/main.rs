//! Calls of other people's machines, over real connections.
#![cfg(all(feature = "outbound", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "what a test cannot do is its failure")]

mod scripted_server;

use std::time::Duration;

use bytes::Bytes;
use parlor::domain::outbound::Reach;
use parlor::outbound::HttpOutbound;
use parlor::ports::{NotAllowed, Outbound as _, OutboundAnswer, OutboundCall, OutboundError, OutboundMethod};

use self::scripted_server::ScriptedServer;

const MAX_ANSWER: usize = 1000;

fn call(method: OutboundMethod, url: String) -> OutboundCall {
    let headers = vec![("x-parlor", "yes".to_owned())];
    let body = if method == OutboundMethod::Post { Bytes::from_static(b"news") } else { Bytes::new() };
    OutboundCall { method, url, headers, body, within: Duration::from_secs(10), max_answer: MAX_ANSWER }
}

async fn get(reach: Reach, url: impl Into<String>) -> Result<OutboundAnswer, OutboundError> {
    HttpOutbound::new(reach).call(&call(OutboundMethod::Get, url.into())).await
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nX-Kind: test\r\n\r\n{body}", body.len())
}

fn sent_on(location: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
}

fn why(result: Result<OutboundAnswer, OutboundError>) -> NotAllowed {
    match result {
        Err(OutboundError::NotAllowed(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_call_says_what_it_was_given_and_answers_what_came() {
    let server = ScriptedServer::start(vec![ok("thanks")]).await;
    let call = call(OutboundMethod::Post, server.url("/hook?a=b"));
    let answer = HttpOutbound::new(Reach::Loopback).call(&call).await.unwrap();
    assert_eq!((answer.status, &answer.body[..], answer.is_cut), (200, &b"thanks"[..], false));
    assert_eq!(answer.header("x-kind"), Some("test"));
    let asked = server.asked();
    assert!(asked[0].starts_with("POST /hook?a=b HTTP/1.1\r\n"), "{asked:?}");
    for header in ["x-parlor: yes\r\n", "user-agent: Parlor/", "host: 127.0.0.1:"] {
        assert!(asked[0].contains(header), "{asked:?}");
    }
}

#[tokio::test]
async fn every_status_is_an_answer() {
    let server = ScriptedServer::start(vec!["HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n".into()]).await;
    assert_eq!(get(Reach::Loopback, server.url("/")).await.unwrap().status, 410);
}

#[tokio::test]
async fn no_more_of_an_answer_is_read_than_was_asked_for() {
    let endless =
        format!("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{}", "x".repeat(MAX_ANSWER + 1));
    let server = ScriptedServer::start(vec![endless, ok(&"x".repeat(MAX_ANSWER))]).await;
    let answer = get(Reach::Loopback, server.url("/")).await.unwrap();
    assert_eq!((answer.body.len(), answer.is_cut), (MAX_ANSWER, true));
    let answer = get(Reach::Loopback, server.url("/")).await.unwrap();
    assert_eq!((answer.body.len(), answer.is_cut), (MAX_ANSWER, false));
}

#[tokio::test]
async fn an_answer_that_breaks_off_or_has_a_huge_head_is_none() {
    let broken = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".to_owned();
    let huge = format!("HTTP/1.1 200 OK\r\nX-Huge: {}\r\n\r\n", "x".repeat(100_000));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Many: x\r\n".repeat(1000));
    let server = ScriptedServer::start(vec![huge, many, "nonsense\r\n\r\n".into()]).await;
    for _ in 0..3 {
        let failed = get(Reach::Loopback, server.url("/")).await.unwrap_err();
        assert!(matches!(failed, OutboundError::Unreachable(_)), "{failed:?}");
    }
    drop(server);
    // This one's connection stays open: time ends it.
    let server = ScriptedServer::start(vec![broken]).await;
    let patient =
        OutboundCall { within: Duration::from_millis(200), ..call(OutboundMethod::Get, server.url("/")) };
    let late = HttpOutbound::new(Reach::Loopback).call(&patient).await;
    assert!(matches!(late, Err(OutboundError::Late | OutboundError::Unreachable(_))), "{late:?}");
}

#[tokio::test]
async fn three_redirects_are_followed_and_no_more() {
    let script = vec![sent_on("/1"), sent_on("2"), sent_on("http://127.0.0.1:{port}/3"), ok("here")];
    let server = ScriptedServer::start(script).await;
    let answer = get(Reach::Loopback, server.url("/")).await.unwrap();
    assert_eq!((&answer.body[..], answer.url), (&b"here"[..], server.url("/3")));
    let server = ScriptedServer::start(vec![sent_on("/"); 4]).await;
    assert_eq!(why(get(Reach::Loopback, server.url("/")).await), NotAllowed::TooManyRedirects);
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn a_redirect_is_checked_like_the_first_address() {
    let table = [
        ("https://10.0.0.1/", NotAllowed::NotPublic),
        ("https://169.254.169.254/latest/meta-data/", NotAllowed::NotPublic),
        ("https://[::ffff:127.0.0.1]/", NotAllowed::NotPublic),
        ("http://example.org/", NotAllowed::NotHttps),
        ("ftp://127.0.0.1/", NotAllowed::NotHttps),
        ("http://ann@127.0.0.1/", NotAllowed::Userinfo),
    ];
    for (location, expected) in table {
        let server = ScriptedServer::start(vec![sent_on(location)]).await;
        assert_eq!(why(get(Reach::Loopback, server.url("/")).await), expected, "{location}");
    }
}

#[tokio::test]
async fn what_is_sent_to_one_address_is_sent_on_to_no_other() {
    let server = ScriptedServer::start(vec![sent_on("/elsewhere")]).await;
    let call = call(OutboundMethod::Post, server.url("/hook"));
    let answer = HttpOutbound::new(Reach::Loopback).call(&call).await.unwrap();
    assert_eq!((answer.status, server.asked().len()), (302, 1));
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_refused_by_what_it_is_resolved_to() {
    // Nobody listens there: who was connected to would be unreachable.
    assert_eq!(why(get(Reach::Public, "https://localhost:1025/").await), NotAllowed::NotPublic);
}

#[tokio::test]
async fn what_is_reached_is_refused_before_anything_is_sent_to_who_may_not() {
    let server = ScriptedServer::start(vec![ok("never")]).await;
    assert_eq!(why(get(Reach::Public, server.url("/")).await), NotAllowed::NotHttps);
    let encrypted = server.url("/").replace("http:", "https:");
    assert_eq!(why(get(Reach::Public, encrypted).await), NotAllowed::NotPublic);
    assert!(server.asked().is_empty());
}
