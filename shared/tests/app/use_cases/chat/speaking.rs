//! Who may speak, and when: also in a process that has not met the room yet, and charges while it reads it.

use std::sync::Arc;
use std::time::Duration;

use parlor::app::{
    self, Amendment, App, AppError, Author, EntryPass, Measure, NewRoom, Ports, RoomRefusal, Settings, Words,
};
use parlor::domain::rooms::SettingsChange;
use parlor::ids::{EventId, RoomCode};
use parlor::ports::{Clock as _, Connection, Endpoint, Identity, Job, Slice};
use parlor::store::TableRoomLog;
use parlor::system::OsRandom;

use crate::use_cases::bench::Bench;
use crate::use_cases::chat::frames;

/// A room of Ann's in which Bob is, with settings of its own.
struct Scene {
    bench: Bench,
    ann: Identity,
    bob: Identity,
    code: RoomCode,
}

impl Scene {
    async fn new(change: SettingsChange) -> Self {
        let bench = Bench::new();
        let (ann, bob) = (bench.person("Ann").await, bench.person("Bob").await);
        let code = app::create_room(&bench.app, ann.user, NewRoom::default()).await.unwrap().room.code;
        app::join_room(&bench.app, bob.user, Some(&code), &EntryPass::default()).await.unwrap();
        app::change_room(&bench.app, ann.user, &code, &change).await.unwrap();
        bench.clock.advance(Duration::from_secs(60));
        Self { bench, ann, bob, code }
    }

    /// A process that knows nothing yet, with the log as it is on AWS.
    fn process(&self) -> App {
        let ports = self.bench.app.ports();
        let log = TableRoomLog::new(ports.table.clone(), ports.clock.clone(), Arc::new(OsRandom));
        App::new(Ports { log: Arc::new(log), ..ports.clone() }, Settings::new("http://localhost"))
    }

    async fn say(&self, app: &App, who: &Identity, text: &str) -> Result<EventId, RoomRefusal> {
        let words = Words {
            text: text.to_owned(),
            client_msg_id: Some(format!("id-{text}").parse().unwrap()),
            ..Words::default()
        };
        let author = Author { user: who.user, session: Some(who.session.clone()), origin: None };
        match app::say(app, &author, &self.code, words).await {
            Ok(said) => Ok(said.entry.unwrap().id),
            Err(AppError::Room(refusal)) => Err(refusal),
            Err(error) => panic!("{error}"),
        }
    }

    async fn texts(&self) -> Vec<String> {
        let log = &self.bench.app.ports().log;
        let entries = log.read(&self.code, Slice::newest(100)).await.unwrap().entries;
        entries.iter().filter_map(|entry| entry.event.message()).map(|message| message.text.clone()).collect()
    }
}

#[tokio::test]
async fn in_slow_mode_members_wait_whichever_process_they_speak_to_and_the_host_does_not() {
    let slow = SettingsChange { slow_mode_seconds: Some(10), ..SettingsChange::default() };
    let scene = Scene::new(slow).await;
    let (first, second) = (scene.process(), scene.process());
    scene.say(&first, &scene.bob, "a").await.unwrap();
    scene.bench.clock.advance(Duration::from_secs(4));
    for process in [&first, &second, &scene.process()] {
        let refused = scene.say(process, &scene.bob, "b").await;
        assert_eq!(refused, Err(RoomRefusal::SlowMode { retry_after: 6 }));
    }
    scene.say(&first, &scene.ann, "of the host's").await.unwrap();
    scene.say(&second, &scene.ann, "and another").await.unwrap();
    scene.bench.clock.advance(Duration::from_secs(6));
    scene.say(&second, &scene.bob, "b").await.unwrap();
    assert_eq!(scene.texts().await, ["a", "of the host's", "and another", "b"]);
}

#[tokio::test]
async fn where_chat_is_off_nothing_is_stored_and_what_was_said_before_is_still_answered() {
    let scene = Scene::new(SettingsChange::default()).await;
    let id = scene.say(&scene.process(), &scene.bob, "before").await.unwrap();
    let off = SettingsChange { is_chat_enabled: Some(false), ..SettingsChange::default() };
    app::change_room(&scene.bench.app, scene.ann.user, &scene.code, &off).await.unwrap();
    for _ in 0..2 {
        let process = scene.process();
        for _ in 0..2 {
            assert_eq!(scene.say(&process, &scene.bob, "after").await, Err(RoomRefusal::ChatDisabled));
            assert_eq!(scene.say(&process, &scene.bob, "before").await, Ok(id));
        }
    }
    assert_eq!(scene.texts().await, ["before"]);
}

#[tokio::test]
async fn strangers_and_those_who_left_are_told_so_before_anything_else() {
    let scene = Scene::new(SettingsChange::default()).await;
    let eve = scene.bench.person("Eve").await;
    assert_eq!(scene.say(&scene.process(), &eve, "let me in").await, Err(RoomRefusal::NotApproved));
    app::leave_room(&scene.bench.app, scene.bob.user, &scene.code).await.unwrap();
    assert_eq!(scene.say(&scene.process(), &scene.bob, "still here").await, Err(RoomRefusal::NotApproved));
    app::close_room(&scene.bench.app, scene.ann.user, &scene.code).await.unwrap();
    assert_eq!(scene.say(&scene.process(), &eve, "anybody?").await, Err(RoomRefusal::RoomClosed));
    assert_eq!(scene.texts().await, [] as [&str; 0]);
}

fn author(who: &Identity) -> Author {
    Author { user: who.user, session: Some(who.session.clone()), origin: None }
}

fn refusal<T>(result: Result<T, AppError>) -> Option<RoomRefusal> {
    match result {
        Ok(_) => None,
        Err(AppError::Room(refusal)) => Some(refusal),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn where_nobody_may_speak_nothing_is_said_by_an_edit_a_reaction_or_typing_either() {
    let scene = Scene::new(SettingsChange::default()).await;
    let app = &scene.bench.app;
    let id = scene.say(app, &scene.ann, "hello").await.unwrap();
    let off = SettingsChange { is_chat_enabled: Some(false), ..SettingsChange::default() };
    app::change_room(app, scene.ann.user, &scene.code, &off).await.unwrap();
    let amend =
        async |amendment| refusal(app::amend(app, &author(&scene.ann), &scene.code, id, amendment).await);
    let reaction = Amendment::React { reaction: "👍".to_owned(), on: None };
    assert_eq!(amend(Amendment::Edit("go on talking".to_owned())).await, Some(RoomRefusal::ChatDisabled));
    assert_eq!(amend(reaction).await, Some(RoomRefusal::ChatDisabled));
    assert_eq!(scene.texts().await, ["hello"]);
    assert_eq!(amend(Amendment::Delete).await, None, "what was said may be taken back");
    assert_eq!(scene.texts().await, [""]);
}

#[tokio::test]
async fn who_is_muted_says_nothing_but_can_take_back_what_they_said() {
    let scene = Scene::new(SettingsChange::default()).await;
    let app = &scene.bench.app;
    let id = scene.say(app, &scene.bob, "hello").await.unwrap();
    app::moderate(app, scene.ann.user, &scene.code, scene.bob.user, Measure::Mute(None)).await.unwrap();
    let amend =
        async |amendment| refusal(app::amend(app, &author(&scene.bob), &scene.code, id, amendment).await);
    assert_eq!(amend(Amendment::Edit("more".to_owned())).await, Some(RoomRefusal::Muted));
    assert_eq!(amend(Amendment::Delete).await, None);
    assert_eq!(scene.texts().await, [""]);
}

#[tokio::test]
async fn it_is_told_once_in_three_seconds_that_somebody_begins_to_type_and_always_that_they_stop() {
    let scene = Scene::new(SettingsChange::default()).await;
    let chat = Endpoint::Watch(scene.code.clone());
    let (_, mut heard) = scene.bench.open("a", chat.clone(), Some(scene.ann.clone())).await;
    let (bob, _) = scene.bench.open("b", chat, Some(scene.bob.clone())).await;
    scene.bench.run(scene.bench.jobs.take()).await;
    let typing = async |is_typing: bool| {
        let text = format!(r#"{{"type": "typing", "is_typing": {is_typing}}}"#);
        let at = scene.bench.clock.now().as_millis();
        app::receive(&scene.bench.app, &bob, &text, at).await.unwrap();
    };
    for _ in 0..3 {
        typing(true).await;
    }
    typing(false).await;
    scene.bench.clock.advance(Duration::from_secs(3));
    typing(true).await;
    scene.say(&scene.bench.app, &scene.bob, "at last").await.unwrap();
    let told = heard.until("at last").await;
    let told: Vec<bool> = frames(&told)
        .iter()
        .filter(|frame| frame["type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("typing")))
        .map(|frame| frame["is_typing"].as_bool().unwrap())
        .collect();
    assert_eq!(told, [true, false, true]);
}

#[tokio::test]
async fn who_resumes_hears_what_was_missed_before_anything_new() {
    let scene = Scene::new(SettingsChange::default()).await;
    let (app, now) = (&scene.bench.app, scene.bench.clock.now());
    for text in ["one", "two"] {
        scene.say(app, &scene.ann, text).await.unwrap();
    }
    for endpoint in [Endpoint::Chat(scene.code.clone()), Endpoint::Conversation(scene.code.clone())] {
        let id = format!("{endpoint}").replace('/', "-").parse().unwrap();
        let mut back = Connection::new(id, endpoint, Some(scene.bob.clone()), now);
        (back.since, back.dialect) = (Some(1), back.endpoint.dialect(true));
        let mut heard = scene.bench.admit(&back).await;
        scene.bench.clock.advance(Duration::from_secs(3));
        let mut greeting = scene.bench.jobs.take();
        greeting.retain(|(job, _)| matches!(job, Job::Welcome { .. }));
        scene.say(app, &scene.ann, &format!("while {} opens", back.id)).await.unwrap();
        scene.bench.run(greeting).await;
        scene.say(app, &scene.ann, &format!("after {}", back.id)).await.unwrap();
        let frames = frames(&heard.until("after").await);
        let resumed = frames.iter().position(|frame| frame["type"] == "RESUMED").unwrap();
        let missed = &frames[..resumed];
        assert!(missed.len() >= 2 && missed.iter().all(|frame| frame["replayed"] == true), "{missed:?}");
        assert!(frames[resumed..].iter().all(|frame| frame["replayed"].is_null()));
    }
}

#[tokio::test]
async fn a_message_answers_none_once_the_one_that_it_answers_is_gone() {
    let scene = Scene::new(SettingsChange::default()).await;
    let app = &scene.bench.app;
    let first = scene.say(app, &scene.ann, "hello").await.unwrap();
    let words = Words { text: "hello yourself".to_owned(), reply_to: Some(first), ..Words::default() };
    app::say(app, &author(&scene.bob), &scene.code, words).await.unwrap();
    let answered = async || {
        let (_, page) = app::messages(app, scene.ann.user, &scene.code, (None, None), 10).await.unwrap();
        page.entries.last().unwrap().event.message().unwrap().reply_to
    };
    assert_eq!(answered().await, Some(first));
    app::amend(app, &author(&scene.ann), &scene.code, first, Amendment::Delete).await.unwrap();
    assert_eq!(answered().await, None);
}
