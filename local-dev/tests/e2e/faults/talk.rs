//! Workers that die while people talk.

use futures_util::future::join_all;
use tokio::time::timeout;

use super::talker::{Talker, assert_in_log, assert_present};
use super::unreliable::Unreliable;
use crate::client::PATIENCE;
use crate::client::party::Party;

const PEOPLE: usize = 6;
const ROUNDS: usize = 8;

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn what_was_echoed_is_in_the_log_once_though_workers_were_killed_and_everybody_is_still_there() {
    let target = Unreliable::start(&[]).await;
    let party = Party::new(&target.functions.http, PEOPLE).await;
    let sockets = target.functions.http.replace("http://", "ws://");
    let mut talkers = join_all(party.people.iter().enumerate().map(|(number, who)| {
        let url = format!("{sockets}{}", party.path("room", who, ""));
        Talker::enter(format!("person {number}"), url)
    }))
    .await;
    let mut killed = 0;
    for _ in 0..ROUNDS {
        // The first one's echo is the moment at which the others' messages are under way.
        let (first, others) = talkers.split_first_mut().unwrap();
        let talk = join_all(others.iter_mut().map(Talker::say_one_more));
        let kill = async {
            first.say_one_more().await;
            killed += target.kill_workers("message");
        };
        let all = async { futures_util::join!(talk, kill) };
        timeout(PATIENCE, all).await.expect("an echo never came");
    }
    assert!(killed >= ROUNDS, "{killed} workers were killed");
    assert_in_log(&party, &target, &talkers, PEOPLE * ROUNDS).await;
    assert_present(&party, &target, PEOPLE).await;
}
