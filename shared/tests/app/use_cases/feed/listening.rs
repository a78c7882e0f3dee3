//! What the feed is told: a welcome, and an upload.

use std::sync::atomic::Ordering;

use parlor::app::upload_medium;
use parlor::store::Sessions;

use crate::use_cases::bench::*;

#[tokio::test]
async fn a_socket_whose_session_ended_before_its_welcome_is_closed() {
    let bench = Bench::new();
    let (_, identity) = bench.sign_in().await;
    let mut sent = bench.connect("dead=", Some(identity.clone())).await;
    Sessions(&*bench.app.ports().table).end(&identity).await.unwrap();
    bench.run(bench.jobs.take()).await;
    let said = sent.until("4009").await;
    assert!(said.contains(r#""code":"SESSION_ENDED""#) && said.contains(r#""close":4009"#), "{said:?}");
}

#[tokio::test]
async fn a_welcome_that_comes_twice_greets_once() {
    let bench = Bench::new();
    let _sent = bench.connect("one=", None).await;
    let welcome = bench.jobs.take();
    bench.run(welcome.clone()).await;
    assert_eq!(bench.jobs.ticks().len(), 12);
    bench.clock.advance(HOUR);
    bench.run(welcome).await;
    assert_eq!(bench.jobs.ticks().len(), 0);
}

#[tokio::test]
async fn a_welcome_that_failed_may_be_tried_again_at_once() {
    let bench = Bench::new();
    let _sent = bench.connect("one=", None).await;
    let welcome = bench.jobs.take();
    bench.run_in_vain(&welcome[0].0).await;
    bench.run(welcome).await;
    assert_eq!(bench.jobs.ticks().len(), 12);
}

#[tokio::test]
async fn a_repeated_upload_is_announced_if_its_announcement_had_failed() {
    let bench = Bench::new();
    let (_, identity) = bench.sign_in().await;
    let upload = async || {
        let file = upload_medium::store(&bench.app, "a.mp3", None, body("abc")).await.unwrap();
        upload_medium::accept(&bench.app, identity.user, file, Default::default(), Some("key")).await
    };
    bench.jobs.fails.store(true, Ordering::SeqCst);
    assert!(upload().await.is_err());
    bench.jobs.fails.store(false, Ordering::SeqCst);
    let medium = upload().await.unwrap();
    assert_eq!(upload().await.unwrap(), medium);
    let announced = bench.jobs.take();
    assert_eq!(announced.len(), 1);
    let delay = announced[0].1.as_millis();
    assert!((1_000..=10_000).contains(&delay), "{delay} ms");
}
