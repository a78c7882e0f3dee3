//! Signing keys that follow each other.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parlor::app::console::KeyState;
use parlor::app::{self, AppError};
use parlor::embedded::SqliteTable;
use parlor::ports::{Clock as _, Consistency, Item, Key, Page, Partition, Query, Table, TableError, Write};
use parlor::protocol::Timestamp;
use parlor::testing::SettableClock;
use tokio::sync::watch;

use crate::use_cases::accounts::console::console;
use crate::use_cases::bench::*;

/// Longer than a new key waits before it signs.
const SETTLED: Duration = Duration::from_secs(301);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn kid(token: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

/// A JWT that names a key that there is not.
fn garbled(number: usize) -> String {
    let part = |text: String| URL_SAFE_NO_PAD.encode(text);
    let header = part(format!(r#"{{"alg":"EdDSA","typ":"at+jwt","kid":"x{number}"}}"#));
    format!("{header}.{}.{}", part("{}".into()), URL_SAFE_NO_PAD.encode([0; 64]))
}

/// Processes on one table.
fn houses(number: usize) -> Vec<Arc<Bench>> {
    let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000_005)));
    let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
    (0..number).map(|_| Arc::new(Bench::on(table.clone(), clock.clone()))).collect()
}

#[tokio::test]
async fn a_new_key_signs_once_everybody_could_learn_of_it_and_all_change_at_one_moment() {
    let [one, other] = &houses(2)[..] else { panic!("two") };
    let first = kid(&one.sign_in().await.0.access_token);
    one.clock.advance(SETTLED);
    assert_eq!(kid(&other.sign_in().await.0.access_token), first);
    let made = console(one).rotate_keys().await.unwrap();
    let KeyState::SignsFrom(moment) = made.state else { panic!("{made:?}") };
    one.clock.set(Timestamp::from_micros(moment.as_micros() - 1));
    // One has just looked, the other one only now: both wait.
    for bench in [one, other] {
        assert_eq!(kid(&bench.sign_in().await.0.access_token), first);
    }
    one.clock.set(moment);
    for bench in [one, other] {
        assert_eq!(kid(&bench.sign_in().await.0.access_token), made.kid);
    }
}

#[tokio::test]
async fn a_lost_answer_is_given_again_though_another_key_signs_by_now() {
    let bench = Bench::new();
    bench.sign_in().await;
    bench.clock.advance(SETTLED);
    let made = console(&bench).rotate_keys().await.unwrap();
    let KeyState::SignsFrom(moment) = made.state else { panic!("{made:?}") };
    bench.clock.set(Timestamp::from_micros(moment.as_micros() - 1_000_000));
    let (sign_in, _) = bench.sign_in().await;
    let refresh =
        async || app::refresh(&bench.app, &sign_in.refresh_token.reveal()).await.unwrap().access_token;
    let first = refresh().await;
    bench.clock.set(moment);
    assert_eq!(refresh().await, first);
    assert_eq!(kid(&bench.sign_in().await.0.access_token), made.kid);
}

#[tokio::test]
async fn what_an_old_key_signed_is_good_for_its_day_and_then_the_key_goes() {
    let [one, other] = &houses(2)[..] else { panic!("two") };
    let old = kid(&one.sign_in().await.0.access_token);
    one.clock.advance(SETTLED);
    console(one).rotate_keys().await.unwrap();
    one.clock.advance(SETTLED - Duration::from_secs(2));
    let (last, identity) = one.sign_in().await;
    assert_eq!(kid(&last.access_token), old);
    one.clock.advance(DAY - Duration::from_secs(1));
    assert_eq!(app::authenticate(&other.app, &last.access_token).await.unwrap(), identity);
    let kids = async || console(one).keys().await.unwrap().into_iter().map(|key| key.kid).collect::<Vec<_>>();
    assert!(kids().await.contains(&old));
    one.clock.advance(2 * HOUR);
    assert_eq!((kids().await.contains(&old), kids().await.len()), (false, 1));
}

#[tokio::test]
async fn each_key_is_listed_with_what_it_is_good_for() {
    let bench = Bench::new();
    assert_eq!(console(&bench).keys().await.unwrap(), []);
    let first = console(&bench).rotate_keys().await.unwrap();
    assert_eq!(kid(&bench.sign_in().await.0.access_token), first.kid);
    bench.clock.advance(SETTLED);
    let second = console(&bench).rotate_keys().await.unwrap();
    let states = async || {
        let keys = console(&bench).keys().await.unwrap();
        keys.into_iter().map(|key| (key.kid, key.state)).collect::<Vec<_>>()
    };
    let signs_from = bench.clock.now().plus(Duration::from_secs(300));
    assert_eq!(
        states().await,
        [(first.kid.clone(), KeyState::Signs), (second.kid.clone(), KeyState::SignsFrom(signs_from))]
    );
    bench.clock.advance(SETTLED);
    let until = signs_from.plus(DAY + HOUR);
    assert_eq!(states().await, [(first.kid, KeyState::VerifiesUntil(until)), (second.kid, KeyState::Signs)]);
}

/// Signs in at one process after the other, and shows the tokens, old ones too, to the next one; tells after each round.
async fn load(
    houses: Vec<Arc<Bench>>,
    first: usize,
    stop: Arc<AtomicBool>,
    rounds: watch::Sender<usize>,
) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for round in 0.. {
        let bench = |number: usize| &houses[(first + number) % houses.len()];
        let (sign_in, identity) = bench(round).sign_in().await;
        tokens.push(sign_in.access_token);
        for (number, token) in tokens.iter().rev().take(20).enumerate() {
            app::authenticate(&bench(round + 1 + number).app, token).await.unwrap();
        }
        let refreshed = app::refresh(&bench(round + 2).app, &sign_in.refresh_token.reveal()).await.unwrap();
        assert_eq!(
            app::authenticate(&bench(round + 3).app, &refreshed.access_token).await.unwrap(),
            identity
        );
        let nobody = app::authenticate(&bench(round).app, &garbled(round)).await;
        assert!(matches!(nobody, Err(AppError::Unauthenticated)), "{nobody:?}");
        rounds.send_replace(round);
        if stop.load(Ordering::SeqCst) {
            return tokens;
        }
    }
    tokens
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_no_request_fails_however_often_keys_are_rotated() {
    let houses = houses(4);
    let stop = Arc::new(AtomicBool::new(false));
    let (mut progress, mut tasks) = (Vec::new(), Vec::new());
    for first in 0..3 {
        let (rounds, seen) = watch::channel(0);
        tasks.push(tokio::spawn(load(houses.clone(), first, stop.clone(), rounds)));
        progress.push(seen);
    }
    for _ in 0..20 {
        console(&houses[0]).rotate_keys().await.unwrap();
        houses[0].clock.advance(Duration::from_secs(100));
        for seen in &mut progress {
            let goal = *seen.borrow() + 2;
            seen.wait_for(|round| *round >= goal).await.unwrap();
        }
    }
    stop.store(true, Ordering::SeqCst);
    let mut kids = BTreeSet::new();
    for task in tasks {
        kids.extend(task.await.unwrap().iter().map(|token| kid(token)));
    }
    assert!(kids.len() >= 15, "{} keys have signed", kids.len());
}

/// A table that counts how often the public keys are read.
#[derive(Debug)]
struct CountingTable(Arc<dyn Table>, std::sync::atomic::AtomicUsize);

#[async_trait]
impl Table for CountingTable {
    async fn get(&self, key: &Key, consistency: Consistency) -> Result<Option<Item>, TableError> {
        self.0.get(key, consistency).await
    }

    async fn batch_get(&self, keys: &[Key], consistency: Consistency) -> Result<Vec<Item>, TableError> {
        self.0.batch_get(keys, consistency).await
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        if query.partition == Partition::Table("SIGNING#PUBLIC".to_owned()) {
            self.1.fetch_add(1, Ordering::SeqCst);
        }
        self.0.query(query).await
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        self.0.write(write).await
    }

    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        self.0.transact(writes).await
    }
}

#[tokio::test]
async fn whoever_invents_keys_makes_nobody_read_for_each_of_them() {
    let bench = Bench::new();
    let (sign_in, identity) = bench.sign_in().await;
    let mut ports = bench.app.ports().clone();
    let table = Arc::new(CountingTable(ports.table.clone(), Default::default()));
    ports.table = table.clone();
    let other = app::App::new(ports, bench.app.settings().clone());
    for number in 0..1000 {
        assert!(app::authenticate(&other, &garbled(number)).await.is_err());
        if number % 100 == 99 {
            bench.clock.advance(Duration::from_secs(10));
            assert_eq!(app::authenticate(&other, &sign_in.access_token).await.unwrap(), identity);
        }
    }
    assert_eq!(table.1.load(Ordering::SeqCst), 10);
}
