//! What every [`ChannelLayer`] does, told as tests that each adapter runs against real or imitated sockets.
//!
//! An adapter implements [`ChannelHarness`], and says `channel_layer_contract_tests!(ItsHarness);` in a test file of
//! its own.

#![expect(clippy::expect_used, reason = "a scenario that cannot go on has failed")]

use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;

use crate::ids::{ConnectionId, SessionId, UserId};
use crate::ports::{ChannelLayer, Connection, Delivery, Endpoint, FanOut, Group, Identity, WelcomeLease};
use crate::protocol::{Close, Frame};

/// A message that does not come within this time does not come.
const PATIENCE: Duration = Duration::from_secs(10);
/// When a socket counts as born, and a lease as lost.
const HALF_A_MINUTE: Duration = Duration::from_secs(31);

/// A channel layer and something that opens sockets for it.
#[async_trait]
pub trait ChannelHarness: Send + Sync + Sized {
    /// Its sockets.
    type Socket: ContractSocket;

    /// A layer without connections.
    async fn start() -> Self;

    /// The layer.
    fn layer(&self) -> &dyn ChannelLayer;

    /// Lets the layer's clock go on.
    async fn advance(&self, time: Duration);

    /// Registers a socket with the layer, while its handshake is still to be answered.
    async fn begin(&self, endpoint: Endpoint, identity: Option<Identity>) -> Self::Socket;

    /// Answers a socket's handshake.
    async fn answer(&self, socket: &mut Self::Socket);

    /// The sort key of a socket's row in a group, as [`FanOut::Sockets`] has it.
    fn row(&self, connection: &Connection) -> String;

    /// A registered and open socket.
    async fn open(&self, identity: Option<Identity>) -> Self::Socket {
        let mut socket = self.begin(Endpoint::Feed, identity).await;
        self.answer(&mut socket).await;
        socket
    }
}

/// A client's end of a socket.
#[async_trait]
pub trait ContractSocket: Send + Sync {
    /// The connection, as it was registered.
    fn connection(&self) -> &Connection;

    /// The next thing that comes.
    async fn receive(&mut self) -> Received;

    /// Breaks the connection, without a word to the layer.
    async fn break_off(&mut self);
}

/// What a client gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A message.
    Text(String),
    /// The end, with the close code if the transport has one to tell.
    Closed(Option<u16>),
}

/// Makes one `#[tokio::test]` of each scenario for a [`ChannelHarness`].
#[macro_export]
macro_rules! channel_layer_contract_tests {
    ($harness:ty) => {
        $crate::channel_layer_contract_tests! { @each $harness:
            a_published_message_reaches_every_member_and_nobody_else,
            messages_arrive_in_the_order_they_were_published,
            a_sent_message_reaches_its_socket_alone,
            joining_twice_is_joining_once,
            who_left_gets_nothing_more,
            who_was_forgotten_gets_nothing_more,
            a_connection_is_known_until_it_is_forgotten,
            a_dead_socket_is_forgotten_on_the_way,
            sending_to_a_dead_socket_says_gone,
            a_socket_being_born_is_passed_over_and_kept,
            the_first_socket_makes_a_person_present_and_the_last_one_leaves,
            a_person_counts_as_present_until_their_leaving_is_confirmed,
            a_person_with_a_socket_left_is_not_gone,
            present_people_come_in_ascending_order_without_the_anonymous,
            one_of_many_simultaneous_sockets_makes_a_person_present,
            nobodys_presence_is_tracked_on_the_feed,
            forgetting_takes_a_socket_out_of_its_groups,
            a_group_is_occupied_while_it_has_a_member,
            a_socket_is_welcomed_by_one_at_a_time,
            a_lost_lease_is_granted_again_after_half_a_minute,
            a_lease_that_is_given_back_is_granted_again_at_once,
            nobody_is_ever_present_outside_rooms,
            a_closed_socket_gets_the_reason_first,
            leaving_and_closing_what_is_not_there_does_no_harm,
            a_piece_for_a_group_reaches_all_of_it,
            a_piece_for_some_sockets_reaches_those_that_are_still_members,
        }
    };
    (@each $harness:ty: $($scenario:ident,)*) => {
        $(
            #[tokio::test]
            async fn $scenario() {
                $crate::testing::channel_contract::$scenario::<$harness>().await;
            }
        )*
    };
}

fn frame(text: &str) -> Frame {
    Frame::new(text).expect("a short text")
}

fn room(code: &str) -> Group {
    Group::Room(code.parse().expect("a room code"))
}

fn person(user: u64) -> Option<Identity> {
    let session = SessionId::from_random([7; 16]);
    Some(Identity { user: UserId(user), session })
}

async fn next(socket: &mut impl ContractSocket) -> Received {
    let received = tokio::time::timeout(PATIENCE, socket.receive()).await;
    received.expect("something should have come")
}

/// What comes next is this text: so nothing came before it.
async fn expect_text(socket: &mut impl ContractSocket, text: &str) {
    assert_eq!(next(socket).await, Received::Text(text.to_owned()));
}

async fn publish(harness: &impl ChannelHarness, group: &Group, text: &str) {
    harness.layer().publish(group, &frame(text)).await.expect("a publish");
}

async fn send(harness: &impl ChannelHarness, socket: &impl ContractSocket, text: &str) -> Delivery {
    harness.layer().send(&socket.connection().id, &frame(text)).await.expect("a send")
}

async fn join(harness: &impl ChannelHarness, group: &Group, socket: &impl ContractSocket) -> bool {
    harness.layer().join(group, socket.connection()).await.expect("a join")
}

async fn leave(harness: &impl ChannelHarness, group: &Group, socket: &impl ContractSocket) -> bool {
    harness.layer().leave(group, socket.connection()).await.expect("a leave")
}

async fn forget(harness: &impl ChannelHarness, socket: &impl ContractSocket) -> Option<Connection> {
    harness.layer().forget(&socket.connection().id).await.expect("a forget")
}

async fn present(harness: &impl ChannelHarness, group: &Group) -> Vec<UserId> {
    harness.layer().present(group).await.expect("who is present")
}

async fn confirm_left(harness: &impl ChannelHarness, group: &Group, user: u64) -> bool {
    harness.layer().confirm_left(group, UserId(user)).await.expect("a confirmation")
}

async fn is_occupied(harness: &impl ChannelHarness, group: &Group) -> bool {
    harness.layer().is_occupied(group).await.expect("whether it is occupied")
}

async fn lease(harness: &impl ChannelHarness, socket: &impl ContractSocket) -> WelcomeLease {
    harness.layer().lease_welcome(&socket.connection().id).await.expect("a lease")
}

/// The scenario of that name.
pub async fn a_published_message_reaches_every_member_and_nobody_else<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut one, mut other, mut stranger) =
        (harness.open(person(1)).await, harness.open(None).await, harness.open(person(2)).await);
    join(&harness, &room("a"), &one).await;
    join(&harness, &room("a"), &other).await;
    join(&harness, &room("b"), &stranger).await;
    publish(&harness, &room("a"), "to a").await;
    publish(&harness, &room("b"), "to b").await;
    expect_text(&mut one, "to a").await;
    expect_text(&mut other, "to a").await;
    expect_text(&mut stranger, "to b").await;
}

/// The scenario of that name.
pub async fn messages_arrive_in_the_order_they_were_published<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut socket = harness.open(None).await;
    join(&harness, &Group::Feed, &socket).await;
    for number in 0..50 {
        publish(&harness, &Group::Feed, &format!("message {number}")).await;
    }
    for number in 0..50 {
        expect_text(&mut socket, &format!("message {number}")).await;
    }
}

/// The scenario of that name.
pub async fn a_sent_message_reaches_its_socket_alone<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut one, mut other) = (harness.open(person(1)).await, harness.open(person(1)).await);
    assert_eq!(send(&harness, &one, "you").await, Delivery::Sent);
    assert_eq!(send(&harness, &other, "and you").await, Delivery::Sent);
    expect_text(&mut one, "you").await;
    expect_text(&mut other, "and you").await;
}

/// The scenario of that name.
pub async fn joining_twice_is_joining_once<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut socket = harness.open(person(1)).await;
    assert!(join(&harness, &room("a"), &socket).await);
    assert!(!join(&harness, &room("a"), &socket).await);
    publish(&harness, &room("a"), "once").await;
    publish(&harness, &room("a"), "then this").await;
    expect_text(&mut socket, "once").await;
    expect_text(&mut socket, "then this").await;
    assert!(leave(&harness, &room("a"), &socket).await);
}

/// The scenario of that name.
pub async fn who_left_gets_nothing_more<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut left, mut stayed) = (harness.open(None).await, harness.open(None).await);
    join(&harness, &Group::Feed, &left).await;
    join(&harness, &Group::Feed, &stayed).await;
    leave(&harness, &Group::Feed, &left).await;
    publish(&harness, &Group::Feed, "to the feed").await;
    send(&harness, &left, "to you alone").await;
    expect_text(&mut left, "to you alone").await;
    expect_text(&mut stayed, "to the feed").await;
}

/// The scenario of that name.
pub async fn who_was_forgotten_gets_nothing_more<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut forgotten, mut known) = (harness.open(None).await, harness.open(None).await);
    join(&harness, &room("a"), &forgotten).await;
    join(&harness, &room("a"), &known).await;
    publish(&harness, &room("a"), "before").await;
    forget(&harness, &forgotten).await;
    publish(&harness, &room("a"), "after").await;
    expect_text(&mut known, "before").await;
    expect_text(&mut known, "after").await;
    expect_text(&mut forgotten, "before").await;
    harness.layer().close(&forgotten.connection().id, Close::SessionEnded).await.expect("a close");
    assert_ne!(next(&mut forgotten).await, Received::Text("after".to_owned()));
}

/// The scenario of that name.
pub async fn a_connection_is_known_until_it_is_forgotten<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(3)).await;
    let known = socket.connection();
    let look = || harness.layer().connection(&known.id);
    assert_eq!(look().await.expect("a look").as_ref(), Some(known));
    assert_eq!(forget(&harness, &socket).await.as_ref(), Some(known));
    assert_eq!(look().await.expect("a look"), None);
    assert_eq!(forget(&harness, &socket).await, None);
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
    let known = harness.layer().connection(&dead.connection().id).await;
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

/// The scenario of that name.
pub async fn a_socket_being_born_is_passed_over_and_kept<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut socket = harness.begin(Endpoint::Feed, None).await;
    join(&harness, &Group::Feed, &socket).await;
    publish(&harness, &Group::Feed, "too early").await;
    harness.answer(&mut socket).await;
    publish(&harness, &Group::Feed, "in time").await;
    expect_text(&mut socket, "in time").await;
    assert!(matches!(lease(&harness, &socket).await, WelcomeLease::Granted(_)));
}

/// The scenario of that name.
pub async fn the_first_socket_makes_a_person_present_and_the_last_one_leaves<H: ChannelHarness>() {
    let harness = H::start().await;
    let (first, second) = (harness.open(person(5)).await, harness.open(person(5)).await);
    assert!(join(&harness, &room("a"), &first).await);
    assert!(!join(&harness, &room("a"), &second).await);
    assert!(join(&harness, &room("b"), &second).await);
    assert!(!leave(&harness, &room("a"), &first).await);
    assert!(leave(&harness, &room("a"), &second).await);
}

/// The scenario of that name.
pub async fn a_person_counts_as_present_until_their_leaving_is_confirmed<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(5)).await;
    join(&harness, &room("a"), &socket).await;
    leave(&harness, &room("a"), &socket).await;
    assert_eq!(present(&harness, &room("a")).await, [UserId(5)]);
    // A reload: who comes back in time has never been away.
    assert!(!join(&harness, &room("a"), &socket).await);
    leave(&harness, &room("a"), &socket).await;
    assert!(confirm_left(&harness, &room("a"), 5).await);
    assert!(!confirm_left(&harness, &room("a"), 5).await);
    assert_eq!(present(&harness, &room("a")).await, []);
    assert!(join(&harness, &room("a"), &socket).await);
}

/// The scenario of that name.
pub async fn a_person_with_a_socket_left_is_not_gone<H: ChannelHarness>() {
    let harness = H::start().await;
    let (first, second) = (harness.open(person(5)).await, harness.open(person(5)).await);
    join(&harness, &room("a"), &first).await;
    join(&harness, &room("a"), &second).await;
    leave(&harness, &room("a"), &first).await;
    assert!(!confirm_left(&harness, &room("a"), 5).await);
    assert_eq!(present(&harness, &room("a")).await, [UserId(5)]);
}

/// The scenario of that name.
pub async fn present_people_come_in_ascending_order_without_the_anonymous<H: ChannelHarness>() {
    let harness = H::start().await;
    let identities = [person(30), person(4), None, person(12)];
    let sockets = join_all(identities.map(|identity| harness.open(identity))).await;
    for socket in &sockets {
        join(&harness, &room("a"), socket).await;
    }
    assert_eq!(present(&harness, &room("a")).await, [4, 12, 30].map(UserId));
}

/// The scenario of that name.
pub async fn one_of_many_simultaneous_sockets_makes_a_person_present<H: ChannelHarness>() {
    let harness = H::start().await;
    let sockets = join_all((0..20).map(|_| harness.open(person(8)))).await;
    let group = room("a");
    let firsts = join_all(sockets.iter().map(|socket| join(&harness, &group, socket))).await;
    assert_eq!(firsts.into_iter().filter(|first| *first).count(), 1);
}

/// The scenario of that name.
pub async fn nobodys_presence_is_tracked_on_the_feed<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(5)).await;
    assert!(!join(&harness, &Group::Feed, &socket).await);
    assert_eq!(present(&harness, &Group::Feed).await, []);
    assert!(!leave(&harness, &Group::Feed, &socket).await);
}

/// The scenario of that name.
pub async fn forgetting_takes_a_socket_out_of_its_groups<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(5)).await;
    join(&harness, &room("a"), &socket).await;
    join(&harness, &room("b"), &socket).await;
    forget(&harness, &socket).await;
    for group in [room("a"), room("b")] {
        assert!(!is_occupied(&harness, &group).await);
        assert!(!leave(&harness, &group, &socket).await);
        assert!(confirm_left(&harness, &group, 5).await);
    }
}

/// The scenario of that name.
pub async fn a_group_is_occupied_while_it_has_a_member<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(None).await;
    assert!(!is_occupied(&harness, &Group::Feed).await);
    join(&harness, &Group::Feed, &socket).await;
    assert!(is_occupied(&harness, &Group::Feed).await);
    leave(&harness, &Group::Feed, &socket).await;
    assert!(!is_occupied(&harness, &Group::Feed).await);
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
pub async fn nobody_is_ever_present_outside_rooms<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(1)).await;
    for group in [Group::Feed, Group::User(UserId(1))] {
        let layer = harness.layer();
        assert!(!layer.join(&group, socket.connection()).await.expect("a join"));
        assert_eq!(layer.present(&group).await.expect("a list"), []);
        assert!(!layer.leave(&group, socket.connection()).await.expect("a leave"));
        assert!(!layer.confirm_left(&group, UserId(1)).await.expect("an answer"));
    }
}

/// The scenario of that name.
pub async fn a_closed_socket_gets_the_reason_first<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut socket = harness.open(person(1)).await;
    send(&harness, &socket, "before").await;
    harness.layer().close(&socket.connection().id, Close::SessionEnded).await.expect("a close");
    expect_text(&mut socket, "before").await;
    let Received::Text(error) = next(&mut socket).await else { panic!("the reason should come first") };
    assert!(error.contains(r#""code":"SESSION_ENDED","close":4009"#), "{error}");
    let Received::Closed(code) = next(&mut socket).await else {
        panic!("nothing should come after the reason")
    };
    assert!(matches!(code, None | Some(4009)), "{code:?}");
}

/// The scenario of that name.
pub async fn leaving_and_closing_what_is_not_there_does_no_harm<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(1)).await;
    assert!(!leave(&harness, &room("a"), &socket).await);
    assert!(!confirm_left(&harness, &room("a"), 1).await);
    forget(&harness, &socket).await;
    let stranger: ConnectionId = "TXzPWdnOjoECGjA=".parse().expect("a connection id");
    harness.layer().close(&stranger, Close::SessionEnded).await.expect("no harm");
    harness.layer().welcomed(&stranger).await.expect("no harm");
    publish(&harness, &room("nobody"), "hello?").await;
}

/// The scenario of that name.
pub async fn a_piece_for_a_group_reaches_all_of_it<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut one, mut other) = (harness.open(None).await, harness.open(None).await);
    join(&harness, &Group::Feed, &one).await;
    join(&harness, &Group::Feed, &other).await;
    let piece = FanOut::Group { group: Group::Feed, frame: frame("a piece") };
    harness.layer().fan_out(piece).await.expect("a fan-out");
    expect_text(&mut one, "a piece").await;
    expect_text(&mut other, "a piece").await;
}

/// The scenario of that name.
pub async fn a_piece_for_some_sockets_reaches_those_that_are_still_members<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut named, mut unnamed, mut left) =
        (harness.open(person(1)).await, harness.open(None).await, harness.open(None).await);
    for socket in [&named, &unnamed, &left] {
        join(&harness, &room("a"), socket).await;
    }
    let rows = [&named, &left].map(|socket| harness.row(socket.connection()));
    forget(&harness, &left).await;
    let piece = FanOut::Sockets {
        group: room("a"),
        rows: rows.to_vec(),
        frame: frame("a piece"),
        failing_since: None,
    };
    harness.layer().fan_out(piece).await.expect("a fan-out");
    publish(&harness, &room("a"), "to all").await;
    expect_text(&mut named, "a piece").await;
    expect_text(&mut named, "to all").await;
    expect_text(&mut unnamed, "to all").await;
    harness.layer().close(&left.connection().id, Close::SessionEnded).await.expect("a close");
    assert_ne!(next(&mut left).await, Received::Text("a piece".to_owned()));
}
