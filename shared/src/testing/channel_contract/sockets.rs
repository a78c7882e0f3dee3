//! The life of a socket: known, greeted, closed, dead.

use super::*;
use crate::protocol::Close;

/// The scenario of that name.
pub async fn a_connection_is_known_until_it_is_forgotten<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(3)).await;
    let known = socket.connection();
    let look = || harness.layer().find(&known.id);
    assert_eq!(look().await.expect("a look").as_ref(), Some(known));
    assert_eq!(forget(&harness, &socket).await.as_ref(), Some(known));
    assert_eq!(look().await.expect("a look"), None);
    assert_eq!(forget(&harness, &socket).await, None);
}

/// The scenario of that name.
pub async fn the_sockets_of_a_group_are_told_with_who_is_behind_them<H: ChannelHarness>() {
    let harness = H::start().await;
    let (one, other, third) =
        (harness.open(person(3)).await, harness.open(person(3)).await, harness.open(person(4)).await);
    let group = Group::User(UserId(3));
    let told = async || {
        let mut told = harness.layer().sockets(&group, None).await.expect("the sockets");
        told.sort_by(|left, right| left.id.cmp(&right.id));
        told
    };
    assert_eq!(told().await, []);
    join(&harness, &group, &one).await;
    join(&harness, &group, &other).await;
    join(&harness, &Group::User(UserId(4)), &third).await;
    let mut both = vec![one.connection().clone(), other.connection().clone()];
    both.sort_by(|left, right| left.id.cmp(&right.id));
    assert_eq!(told().await, both);
    forget(&harness, &one).await;
    assert_eq!(told().await, [other.connection().clone()]);
}

/// The scenario of that name.
pub async fn the_sockets_of_one_person_in_a_group_are_told<H: ChannelHarness>() {
    let harness = H::start().await;
    let (one, other) = (harness.open(person(1)).await, harness.open(person(17)).await);
    let anonymous = harness.open(None).await;
    for socket in [&one, &other, &anonymous] {
        join(&harness, &room("a"), socket).await;
    }
    let told =
        async |user| harness.layer().sockets(&room("a"), Some(UserId(user))).await.expect("the sockets");
    assert_eq!(told(1).await, [one.connection().clone()]);
    assert_eq!(told(17).await, [other.connection().clone()]);
    assert_eq!(told(7).await, []);
}

/// The scenario of that name.
pub async fn a_dead_socket_is_forgotten_on_the_way<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut dead, mut alive) = (harness.open(person(1)).await, harness.open(person(2)).await);
    join(&harness, &room("a"), &dead).await;
    join(&harness, &room("a"), &alive).await;
    harness.advance(HALF_A_MINUTE).await;
    dead.break_off().await;
    publish(&harness, &room("a"), "anybody there?").await;
    expect_text(&mut alive, "anybody there?").await;
    let known = harness.layer().find(&dead.connection().id).await;
    assert_eq!(known.expect("a look"), None);
    leave(&harness, &room("a"), &alive).await;
    assert!(!is_occupied(&harness, &room("a")).await);
}

/// The scenario of that name.
pub async fn sending_to_a_dead_socket_says_gone<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut dead = harness.open(None).await;
    harness.advance(HALF_A_MINUTE).await;
    dead.break_off().await;
    assert_eq!(send(&harness, &dead, "hello?").await, Delivery::Gone);
    assert_eq!(lease(&harness, &dead).await, WelcomeLease::Gone);
    let stranger: ConnectionId = "TXzPWdnOjoECGjA=".parse().expect("a connection id");
    let sent = harness.layer().send(&stranger, &frame("hello?")).await;
    assert_eq!(sent.expect("a send"), Delivery::Gone);
}

/// What it is told before its handshake is answered may come late or never.
pub async fn a_socket_being_born_is_kept<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut socket = harness.begin(Endpoint::Feed, Dialect::Feed, None).await;
    join(&harness, &Group::Feed, &socket).await;
    publish(&harness, &Group::Feed, "too early").await;
    harness.answer(&mut socket).await;
    publish(&harness, &Group::Feed, "in time").await;
    while next(&mut socket).await != Received::Text("in time".to_owned()) {}
    assert!(matches!(lease(&harness, &socket).await, WelcomeLease::Granted(_)));
}

/// The scenario of that name.
pub async fn a_socket_is_welcomed_by_one_at_a_time<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(1)).await;
    assert_eq!(lease(&harness, &socket).await, WelcomeLease::Granted(socket.connection().clone()));
    assert_eq!(lease(&harness, &socket).await, WelcomeLease::Busy);
    harness.layer().welcomed(&socket.connection().id).await.expect("a note");
    assert_eq!(lease(&harness, &socket).await, WelcomeLease::Done);
    harness.advance(HALF_A_MINUTE).await;
    assert_eq!(lease(&harness, &socket).await, WelcomeLease::Done);
    forget(&harness, &socket).await;
    assert_eq!(lease(&harness, &socket).await, WelcomeLease::Gone);
}

/// The scenario of that name.
pub async fn a_lost_lease_is_granted_again_after_half_a_minute<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(None).await;
    lease(&harness, &socket).await;
    harness.advance(HALF_A_MINUTE).await;
    assert!(matches!(lease(&harness, &socket).await, WelcomeLease::Granted(_)));
}

/// And what was greeted stays greeted.
pub async fn a_lease_that_is_given_back_is_granted_again_at_once<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(None).await;
    let id = &socket.connection().id;
    lease(&harness, &socket).await;
    harness.layer().release_welcome(id).await.expect("a release");
    assert!(matches!(lease(&harness, &socket).await, WelcomeLease::Granted(_)));
    harness.layer().welcomed(id).await.expect("a note");
    harness.layer().release_welcome(id).await.expect("a release");
    assert_eq!(lease(&harness, &socket).await, WelcomeLease::Done);
}

/// The scenario of that name.
pub async fn a_closed_socket_gets_the_reason_first<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut socket = harness.open(person(1)).await;
    send(&harness, &socket, "before").await;
    harness.layer().close(&socket.connection().id, Close::SessionEnded).await.expect("a close");
    expect_text(&mut socket, "before").await;
    let Received::Text(error) = next(&mut socket).await else { panic!("the reason should come first") };
    assert!(error.contains(r#""code":"SESSION_ENDED""#) && error.contains(r#""close":4009"#), "{error}");
    let Received::Closed(code) = next(&mut socket).await else {
        panic!("nothing should come after the reason")
    };
    assert!(matches!(code, None | Some(4009)), "{code:?}");
}

/// The scenario of that name.
pub async fn leaving_and_closing_what_is_not_there_does_no_harm<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(1)).await;
    leave(&harness, &room("a"), &socket).await;
    let gone = harness.layer().confirm_left(&room("a"), UserId(1), None).await;
    assert_eq!(gone.expect("an answer"), Absence::LeftBefore);
    forget(&harness, &socket).await;
    let stranger: ConnectionId = "TXzPWdnOjoECGjA=".parse().expect("a connection id");
    harness.layer().close(&stranger, Close::SessionEnded).await.expect("no harm");
    harness.layer().welcomed(&stranger).await.expect("no harm");
    publish(&harness, &room("nobody"), "hello?").await;
}
