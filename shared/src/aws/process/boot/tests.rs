//! What a function is made from, by the requests that it makes.

use std::error::Error as StdError;

use serde_json::json;

use super::*;
use crate::aws::replay::{answer, json_answer, json_bodies, sdk_config};
use crate::domain::email_address::EmailAddress;
use crate::domain::provider::Provider;
use crate::ids::StoredName;
use crate::ports::{Consistency, DropRef, Job, Key, Mail};
use crate::protocol::{Frame, Timestamp};

fn environment() -> Environment {
    let value = |name: &str| match name {
        "MAIL_FROM" => "parlor@example.org".to_owned(),
        "HEARTBEAT_SECONDS" => "10".to_owned(),
        "HOST_GRACE_SECONDS" => "30".to_owned(),
        "POSTS_PER_SECOND" => "6000".to_owned(),
        "DELIVER_CONCURRENCY" => "10".to_owned(),
        "ALLOWED_ORIGINS" => "https://app.test".to_owned(),
        "EDGE_SECRET" => "0123456789abcdef0123456789abcdef".to_owned(),
        name if name.ends_with("_URL") => {
            format!("https://{}.test/x", name.replace('_', "-").to_lowercase())
        }
        name => name.to_lowercase(),
    };
    Environment::read(|name| Some(value(name))).unwrap()
}

#[tokio::test]
async fn every_port_talks_to_what_the_environment_names() {
    let (http, sdk) = sdk_config(vec![
        json_answer(200, &json!({})),
        json_answer(200, &json!({"Successful": [], "Failed": []})),
        answer(200, &[("content-length", "1")], ""),
        answer(200, &[], ""),
    ]);
    let boot = Boot::new(environment(), sdk);
    let ports = boot.with_table().with_queue().with_sockets().with_media().ports();
    let key = Key { pk: "p".into(), sk: "s".into() };
    ports.table.get(&key, Consistency::Strong).await.unwrap();
    ports.jobs.enqueue(vec![(Job::Tick { at: Timestamp::from_micros(1) }, Duration::ZERO)]).await.unwrap();
    let bodies = json_bodies(&http);
    assert_eq!(bodies[0]["TableName"], "table_name");
    assert_eq!(bodies[1]["QueueUrl"], "https://queue-url.test/x");

    ports.media.head(&StoredName::from_random([7; 16], "")).await.unwrap();
    let socket = "TXzPWdnOjoECGjA=".parse().unwrap();
    ports.sender.send(&socket, &Frame::new("hi").unwrap()).await.unwrap();
    let uris: Vec<_> = http.actual_requests().map(|request| request.uri().to_owned()).collect();
    assert!(uris[2].contains("bucket_name"), "{}", uris[2]);
    assert!(uris[3].starts_with("https://callback-url.test/x/@connections/"), "{}", uris[3]);
}

#[tokio::test]
async fn mail_comes_from_the_address_that_the_environment_names_and_without_one_there_is_none() {
    let to = EmailAddress::parse("ann@example.org").unwrap();
    let mail = Mail { to, subject: "Hello".into(), text: "Hello\n".into() };
    let (http, sdk) = sdk_config(vec![json_answer(200, &json!({"MessageId": "1"}))]);
    Boot::new(environment(), sdk.clone()).with_mailer().ports().mailer.send(&mail).await.unwrap();
    assert_eq!(json_bodies(&http)[0]["FromEmailAddress"], "parlor@example.org");
    let without = Environment { mail_from: None, ..environment() };
    let mailer = Boot::new(without, sdk).with_mailer().ports().mailer;
    for _ in 0..2 {
        mailer.send(&mail).await.unwrap();
    }
    assert_eq!(http.actual_requests().count(), 1);
}

#[tokio::test]
async fn connections_are_made_to_what_a_function_talks_to_and_a_refusal_is_no_harm() {
    let refused = || json_answer(403, &json!({"__type": "AccessDeniedException"}));
    let (http, sdk) = sdk_config(vec![refused(), refused(), answer(403, &[], ""), answer(410, &[], "")]);
    let boot = Boot::new(environment(), sdk.clone());
    boot.with_table().with_queue().with_sockets().with_media().app().await;
    let requests = http.actual_requests().map(|request| format!("{} {}", request.method(), request.uri()));
    let requests: Vec<_> = requests.collect();
    assert_eq!(requests.len(), 4, "{requests:?}");
    let begins =
        ["POST https://dynamodb.", "POST https://sqs.", "HEAD https://", "POST https://callback-url"];
    let made = |begin: &&str| requests.iter().any(|request| request.starts_with(begin));
    assert!(begins.iter().all(made), "{requests:?}");
    // There is no answer left, which is like a service that does not answer.
    Boot::new(environment(), sdk).with_table().app().await;
}

#[tokio::test]
async fn a_service_that_a_function_was_not_given_is_named() {
    let (http, sdk) = sdk_config(Vec::new());
    let ports = Boot::new(environment(), sdk).app().await.ports().clone();
    let key = Key { pk: "p".into(), sk: "s".into() };
    let job = (Job::Tick { at: Timestamp::from_micros(1) }, Duration::ZERO);
    let socket = "TXzPWdnOjoECGjA=".parse().unwrap();
    let drop = DropRef { path: "a.txt".into(), version: "1".into() };
    let to = EmailAddress::parse("ann@example.org").unwrap();
    let mail = Mail { to, subject: "Hello".into(), text: "Hello\n".into() };
    let refusals: [Box<dyn StdError>; 7] = [
        Box::new(ports.table.get(&key, Consistency::Strong).await.unwrap_err()),
        Box::new(ports.jobs.enqueue(vec![job]).await.unwrap_err()),
        Box::new(ports.sender.send(&socket, &Frame::new("hi").unwrap()).await.unwrap_err()),
        Box::new(ports.media.head(&StoredName::from_random([7; 16], "")).await.unwrap_err()),
        Box::new(ports.drops.read(&drop, 1).await.unwrap_err()),
        Box::new(ports.identities.verify_id_token(Provider::Google, "").await.unwrap_err()),
        Box::new(ports.mailer.send(&mail).await.unwrap_err()),
    ];
    let causes = refusals.map(|refusal| refusal.source().unwrap().to_string());
    let missing = ["table", "queue", "sockets", "media store", "drop box", "identity providers", "mailer"];
    assert_eq!(causes, missing.map(|service| format!("no {service} provided")));
    assert_eq!(http.actual_requests().count(), 0);
}

#[test]
fn bodies_are_no_larger_than_a_function_can_take() {
    let settings = settings(environment());
    assert_eq!(settings.max_upload_bytes, 4_500_000);
    assert_eq!(settings.max_direct_upload_bytes, 5 << 30);
    assert_eq!(settings.max_inline_bytes, Some(4_500_000));
    assert_eq!(settings.heartbeat, Duration::from_secs(10));
    assert_eq!(settings.allowed_origins, ["https://app.test"]);
    assert!(!settings.allow_local_origins);
    assert!(settings.edge_secret.unwrap().is(b"0123456789abcdef0123456789abcdef"));
    assert_eq!(settings.public_url, "https://public-url.test/x");
}
