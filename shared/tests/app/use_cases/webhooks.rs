//! Other programs are told what happens in rooms.

use std::time::Duration;

use parlor::app::admin::{
    AdminRequest, MadeWebhook, NewWebhook, WebhookChange, add_webhook, change_webhook, remove_webhook,
    resend_undelivered, undelivered, webhooks,
};
use parlor::app::{self, Amendment, AppError, Author, NewRoom, Words};
use parlor::domain::rooms::SettingsChange;
use parlor::domain::webhooks::Topic;
use parlor::ids::{EventId, RoomCode};
use parlor::ports::{Clock as _, Identity, Job, OutboundCall};
use parlor::store::{AuditAction, User};
use serde_json::Value;

use crate::use_cases::accounts::console::{admin, trail};
use crate::use_cases::bench::Bench;

/// A room of Ann's, and an admin.
struct Scene {
    bench: Bench,
    root: User,
    ann: Identity,
    code: RoomCode,
}

impl Scene {
    async fn new() -> Self {
        let bench = Bench::new();
        let (root, ann) = (admin(&bench, "root").await, bench.person("Ann").await);
        let new = NewRoom { code: Some("kino".into()), ..NewRoom::default() };
        let code = app::create_room(&bench.app, ann.user, new).await.unwrap().room.code;
        bench.jobs.take();
        Self { bench, root, ann, code }
    }

    /// The same, with a receiver that hears of these, in a room that lets it listen.
    async fn listening(topics: &[Topic]) -> (Self, MadeWebhook) {
        let scene = Self::new().await;
        let made = scene.add(topics).await;
        scene.let_listen(true).await;
        scene.settle().await;
        scene.bench.outbound.calls();
        (scene, made)
    }

    fn by(&self) -> AdminRequest {
        AdminRequest { admin: self.root.id, request_id: "r".to_owned() }
    }

    async fn add(&self, topics: &[Topic]) -> MadeWebhook {
        let new = NewWebhook {
            url: "https://example.org/hook".to_owned(),
            topics: topics.to_vec(),
            is_enabled: true,
        };
        add_webhook(&self.bench.app, &self.by(), new).await.unwrap()
    }

    async fn let_listen(&self, webhooks: bool) {
        let change = SettingsChange { webhooks: Some(webhooks), ..SettingsChange::default() };
        app::change_room(&self.bench.app, self.ann.user, &self.code, &change).await.unwrap();
    }

    fn author(&self) -> Author {
        Author { user: self.ann.user, session: Some(self.ann.session.clone()), origin: None }
    }

    async fn say(&self, text: &str) -> EventId {
        self.bench.clock.advance(Duration::from_secs(5));
        let words = Words { text: text.to_owned(), ..Words::default() };
        app::say(&self.bench.app, &self.author(), &self.code, words).await.unwrap().entry.unwrap().id
    }

    /// Does all that is due now, and what comes of it; keeps the rest.
    async fn settle(&self) {
        self.within(Duration::ZERO).await;
    }

    async fn within(&self, time: Duration) {
        loop {
            let (due, later): (Vec<_>, Vec<_>) =
                self.bench.jobs.take().into_iter().partition(|(_, delay)| *delay <= time);
            self.bench.jobs.put_back(later);
            if due.is_empty() {
                return;
            }
            self.bench.run(due).await;
        }
    }

    /// Lets so much time pass, and does what has become due; waiting jobs count from now on.
    async fn pass(&self, time: Duration) {
        self.bench.clock.advance(time);
        let waiting = self.bench.jobs.take();
        let left = waiting.into_iter().map(|(job, delay)| (job, delay.saturating_sub(time)));
        self.bench.jobs.put_back(left.collect());
        self.settle().await;
    }

    fn told(&self) -> Vec<Value> {
        let bodies = self.bench.outbound.calls().into_iter().map(|call| call.body);
        bodies.map(|body| serde_json::from_slice(&body).unwrap()).collect()
    }
}

fn header<'a>(call: &'a OutboundCall, name: &str) -> &'a str {
    call.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str()).unwrap()
}

#[tokio::test]
async fn a_receiver_is_told_what_is_said_under_a_signature() {
    let (scene, made) = Scene::listening(&Topic::ALL).await;
    let id = scene.say("hello").await;
    scene.settle().await;
    let [call] = &scene.bench.outbound.calls()[..] else { panic!("one call") };
    assert_eq!(call.url, "https://example.org/hook");
    assert_eq!(header(call, "webhook-id"), format!("evt_kino_{id}"));
    let now = scene.bench.clock.now();
    assert_eq!(header(call, "webhook-timestamp"), now.as_secs().to_string());
    let body = std::str::from_utf8(&call.body).unwrap();
    let signature = made.webhook.secret.signature(&format!("evt_kino_{id}"), now, body);
    assert_eq!(header(call, "webhook-signature"), signature);
    // Fields come in one order, whatever is told.
    let begins = format!(
        r#"{{"type":"message","timestamp":"{now}","data":{{"type":"CHAT_MESSAGE","message":"hello","#
    );
    assert!(body.starts_with(&begins), "{body}");
    assert_eq!(made.secret, made.webhook.secret.text());
}

#[tokio::test]
async fn a_room_that_lets_nobody_listen_enqueues_nothing_nor_does_any_while_there_is_no_receiver() {
    let scene = Scene::new().await;
    scene.add(&Topic::ALL).await;
    scene.say("in a room that does not let anybody listen").await;
    assert!(scene.bench.jobs.take().is_empty());
    let scene = Scene::new().await;
    scene.let_listen(true).await;
    scene.say("where there is no receiver").await;
    assert!(scene.bench.jobs.take().is_empty());
    // One that comes is heard of at once in the same process.
    scene.add(&Topic::ALL).await;
    scene.say("where there is one").await;
    assert!(matches!(scene.bench.jobs.take()[..], [(Job::TellWebhooks { .. }, _)]));
}

#[tokio::test]
async fn a_receiver_hears_of_its_own_topics_alone() {
    let (scene, _) = Scene::listening(&[Topic::Room]).await;
    scene.say("hello").await;
    let bob = scene.bench.person("Bob").await;
    app::join_room(&scene.bench.app, bob.user, Some(&scene.code), &app::EntryPass::default()).await.unwrap();
    let change = SettingsChange { name: Some("Film club".into()), ..SettingsChange::default() };
    app::change_room(&scene.bench.app, scene.ann.user, &scene.code, &change).await.unwrap();
    scene.settle().await;
    let [told] = &scene.told()[..] else { panic!("one call") };
    assert_eq!((&told["type"], &told["data"]["type"]), (&"room".into(), &"ROOM_UPDATED".into()));
    assert_eq!(told["data"]["changes"], serde_json::json!({"name": "Film club"}));
}

#[tokio::test]
async fn a_receiver_hears_who_may_come_in() {
    let (scene, _) = Scene::listening(&[Topic::Member]).await;
    let bob = scene.bench.person("Bob").await;
    app::join_room(&scene.bench.app, bob.user, Some(&scene.code), &app::EntryPass::default()).await.unwrap();
    scene.settle().await;
    let [told] = &scene.told()[..] else { panic!("one call") };
    assert_eq!((&told["data"]["type"], &told["data"]["user"]), (&"JOIN_APPROVED".into(), &"Bob".into()));
}

#[tokio::test]
async fn what_is_deleted_before_it_could_be_told_is_told_to_nobody() {
    let (scene, _) = Scene::listening(&Topic::ALL).await;
    let id = scene.say("oops").await;
    app::amend(&scene.bench.app, &scene.author(), &scene.code, id, Amendment::Delete).await.unwrap();
    scene.settle().await;
    let told = scene.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["data"]["type"], "MESSAGE_DELETED");
}

#[tokio::test]
async fn a_receiver_that_fails_is_called_again_after_growing_pauses_and_then_hears_everything() {
    let (scene, made) = Scene::listening(&Topic::ALL).await;
    scene.bench.outbound.answer_status(500);
    scene.say("one").await;
    scene.settle().await;
    assert_eq!(scene.told().len(), 1);
    // While it is left alone nothing else is tried.
    app::say(
        &scene.bench.app,
        &scene.author(),
        &scene.code,
        Words { text: "two".into(), ..Words::default() },
    )
    .await
    .unwrap();
    scene.settle().await;
    assert_eq!(scene.told().len(), 0);
    scene.pass(Duration::from_secs(6)).await;
    assert_eq!(scene.told().len(), 1, "one of the two tries");
    let [hook] = &webhooks(&scene.bench.app).await.unwrap()[..] else { panic!("one hook") };
    assert_eq!((hook.failures, hook.last_error.as_deref()), (2, Some("It answers 500.")));
    scene.bench.outbound.answer_status(204);
    for _ in 0..4 {
        scene.pass(Duration::from_secs(31)).await;
    }
    let texts: Vec<_> = scene.told().iter().map(|told| told["data"]["message"].clone()).collect();
    assert!(texts.contains(&"one".into()) && texts.contains(&"two".into()) && texts.len() == 2, "{texts:?}");
    let [hook] = &webhooks(&scene.bench.app).await.unwrap()[..] else { panic!("one hook") };
    assert_eq!((hook.failures, &hook.id), (0, &made.webhook.id));
}

#[tokio::test]
async fn what_could_not_be_told_for_a_day_is_put_aside_and_can_be_sent_again() {
    let (scene, made) = Scene::listening(&Topic::ALL).await;
    let id = &made.webhook.id;
    scene.bench.outbound.answer_status(503);
    scene.say("news").await;
    scene.settle().await;
    for _ in 0..120 {
        scene.pass(Duration::from_secs(900)).await;
    }
    let attempts = scene.told().len();
    assert!((90..=100).contains(&attempts), "{attempts} attempts");
    let kept = undelivered(&scene.bench.app, id).await.unwrap();
    assert_eq!((kept.len(), kept[0].why.as_str()), (1, "It answers 503."));
    scene.bench.outbound.answer_status(200);
    assert_eq!(resend_undelivered(&scene.bench.app, &scene.by(), id).await.unwrap(), 1);
    scene.settle().await;
    assert_eq!(scene.told()[0]["data"]["message"], "news");
    assert!(undelivered(&scene.bench.app, id).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_called_no_more_until_an_admin_enables_it() {
    let (scene, made) = Scene::listening(&Topic::ALL).await;
    scene.bench.outbound.answer_status(410);
    scene.say("one").await;
    scene.settle().await;
    assert_eq!(scene.told().len(), 1);
    assert!(!webhooks(&scene.bench.app).await.unwrap()[0].is_enabled);
    scene.say("two").await;
    scene.pass(Duration::from_secs(3600)).await;
    assert_eq!(scene.told().len(), 0);
    scene.bench.outbound.answer_status(200);
    let change = WebhookChange { is_enabled: Some(true), ..WebhookChange::default() };
    change_webhook(&scene.bench.app, &scene.by(), &made.webhook.id, change).await.unwrap();
    scene.say("three").await;
    scene.settle().await;
    assert_eq!(scene.told().len(), 1);
}

#[tokio::test]
async fn addresses_that_are_not_public_are_refused_and_what_admins_do_is_noted() {
    let scene = Scene::new().await;
    for url in
        ["http://example.org/", "https://127.0.0.1/", "https://169.254.169.254/", "https://ann@example.org/"]
    {
        let new = NewWebhook { url: url.to_owned(), topics: Topic::ALL.to_vec(), is_enabled: true };
        let refused = add_webhook(&scene.bench.app, &scene.by(), new).await;
        assert!(matches!(refused, Err(AppError::InvalidInput { field: "url", .. })), "{url}: {refused:?}");
    }
    let id = scene.add(&Topic::ALL).await.webhook.id;
    scene.bench.clock.advance(Duration::from_secs(1));
    remove_webhook(&scene.bench.app, &scene.by(), &id).await.unwrap();
    let deeds = trail(&scene.bench).await;
    let deeds: Vec<_> =
        deeds.iter().filter(|deed| deed.webhook.as_ref() == Some(&id)).map(|deed| deed.action).collect();
    assert_eq!(deeds, [AuditAction::WebhookDeleted, AuditAction::WebhookCreated]);
}
