//! What every adapter of the ports of sockets does, told as tests that each runs against real or imitated sockets.
//!
//! An adapter implements [`ChannelHarness`], and says `channel_contract_tests!(ItsHarness);` in a test file of
//! its own.

#![expect(clippy::expect_used, reason = "a scenario that cannot go on has failed")]

pub mod absence;
pub mod broadcasts;
pub mod messages;
pub mod presence;
pub mod sockets;

use std::time::Duration;

use async_trait::async_trait;

use crate::ids::{ConnectionId, SessionId, UserId};
use crate::ports::{
    Absence, AbsenceCheck, Admission, Broadcast, Condition, Connection, Connections, Delivery, Endpoint,
    Group, Groups, Identity, Job, Joined, Key, Sender, WelcomeLease, Write,
};
use crate::protocol::{Dialect, Frame, Frames};

/// A message that does not come within this time does not come.
const PATIENCE: Duration = Duration::from_secs(10);
/// When a socket counts as born, and a lease as lost.
const HALF_A_MINUTE: Duration = Duration::from_secs(31);

/// An adapter and something that opens sockets for it.
#[async_trait]
pub trait ChannelHarness: Send + Sync + Sized {
    /// The adapter.
    type Layer: Connections + Groups + Sender;
    /// Its sockets.
    type Socket: ContractSocket;

    /// An adapter without connections.
    async fn start() -> Self;

    /// The adapter.
    fn layer(&self) -> &Self::Layer;

    /// Lets the adapter's clock go on.
    async fn advance(&self, time: Duration);

    /// Registers a socket with the adapter, while its handshake is still to be answered.
    async fn begin(&self, endpoint: Endpoint, dialect: Dialect, identity: Option<Identity>) -> Self::Socket;

    /// Answers a socket's handshake.
    async fn answer(&self, socket: &mut Self::Socket);

    /// The [`Job::CheckAbsence`]s that the adapter has enqueued since the last call, each with its delay.
    fn take_checks(&self) -> Vec<(Job, Duration)>;

    /// The sockets in the order in which messages were written to them since the last call.
    fn take_written(&self) -> Vec<ConnectionId>;

    /// A registered and open socket of the feed.
    async fn open(&self, identity: Option<Identity>) -> Self::Socket {
        self.open_in(Dialect::Feed, identity).await
    }

    /// A registered and open socket that speaks that dialect.
    async fn open_in(&self, dialect: Dialect, identity: Option<Identity>) -> Self::Socket {
        let mut socket = self.begin(endpoint_of(dialect), dialect, identity).await;
        self.answer(&mut socket).await;
        socket
    }
}

/// Something that a socket serves which speaks so.
fn endpoint_of(dialect: Dialect) -> Endpoint {
    let code = |code: &str| code.parse().expect("a room code");
    match dialect {
        Dialect::Feed => Endpoint::Feed,
        Dialect::Inbox => Endpoint::Inbox,
        Dialect::Plain | Dialect::Full => Endpoint::Chat(code("a")),
        Dialect::Numbered => Endpoint::Chat(code("17")),
        Dialect::Watch => Endpoint::Watch(code("a")),
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

/// Makes one `#[tokio::test]` of each scenario for a [`ChannelHarness`], with an attribute in front if one is given.
#[macro_export]
macro_rules! channel_contract_tests {
    ($harness:ty) => {
        $crate::channel_contract_tests! { #[cfg(test)] $harness }
    };
    (#$attribute:tt $harness:ty) => {
        $crate::channel_contract_tests! { @each #$attribute $harness:
            messages {
                a_published_message_reaches_every_member_and_nobody_else,
                messages_arrive_in_the_order_they_were_published,
                a_sent_message_reaches_its_socket_alone,
                joining_twice_is_joining_once,
                who_left_gets_nothing_more,
                who_was_forgotten_gets_nothing_more,
            }
            broadcasts {
                each_socket_gets_the_frame_of_its_dialect,
                a_socket_without_a_frame_in_its_dialect_gets_nothing,
                ones_own_sockets_get_their_own_copy,
                ones_own_copy_comes_after_everybody_elses,
                the_socket_that_asked_gets_its_copy_without_being_a_member,
                the_socket_that_asked_gets_its_copy_once_if_it_is_a_member,
                who_is_not_to_be_told_is_not_told,
                a_persons_inbox_is_a_group_of_its_own,
                rooms_whose_codes_differ_in_case_are_one,
            }
            sockets {
                a_connection_is_known_until_it_is_forgotten,
                the_sockets_of_a_group_are_told_with_who_is_behind_them,
                the_sockets_of_one_person_in_a_group_are_told,
                a_dead_socket_is_forgotten_on_the_way,
                sending_to_a_dead_socket_says_gone,
                a_socket_being_born_is_kept,
                a_socket_is_welcomed_by_one_at_a_time,
                a_lost_lease_is_granted_again_after_half_a_minute,
                a_lease_that_is_given_back_is_granted_again_at_once,
                a_closed_socket_gets_the_reason_first,
                leaving_and_closing_what_is_not_there_does_no_harm,
            }
            presence {
                somebody_arrives_with_their_first_socket,
                people_are_told_in_the_order_in_which_they_came_without_the_anonymous,
                one_of_many_simultaneous_sockets_makes_a_person_arrive,
                a_socket_that_is_gone_joins_no_room,
                a_group_is_occupied_while_it_has_a_member,
                nobody_is_ever_present_outside_rooms,
            }
            absence {
                somebody_is_present_until_it_is_confirmed_that_they_have_left,
                whoever_has_a_socket_left_is_still_here,
                whoever_is_back_in_time_has_never_left,
                leaving_coming_back_and_leaving_again_is_leaving_once,
                a_repeated_check_tells_again_what_it_found_and_another_one_does_not,
                a_check_finds_nobody_gone_who_came_back_after_it,
                somebody_can_be_marked_as_gone_at_once,
                forgetting_a_socket_takes_it_out_of_its_groups,
                a_dead_socket_that_a_message_meets_is_looked_after,
                nobody_looks_after_sockets_outside_rooms,
            }
        }
    };
    (@each #$attribute:tt $harness:ty: $($group:ident { $($scenario:ident,)* })*) => {
        $(
            mod $group {
                use super::*;

                $(
                    #[tokio::test]
                    #$attribute
                    async fn $scenario() {
                        $crate::testing::channel_contract::$group::$scenario::<$harness>().await;
                    }
                )*
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
    harness.layer().publish(group, &Broadcast::same(frame(text))).await.expect("a publish");
}

async fn send(harness: &impl ChannelHarness, socket: &impl ContractSocket, text: &str) -> Delivery {
    harness.layer().send(&socket.connection().id, &frame(text)).await.expect("a send")
}

async fn join(harness: &impl ChannelHarness, group: &Group, socket: &impl ContractSocket) -> Joined {
    harness.layer().join(group, socket.connection(), None).await.expect("a join")
}

async fn leave(harness: &impl ChannelHarness, group: &Group, socket: &impl ContractSocket) {
    harness.layer().leave(group, socket.connection()).await.expect("a leave");
}

async fn forget(harness: &impl ChannelHarness, socket: &impl ContractSocket) -> Option<Connection> {
    harness.layer().forget(&socket.connection().id).await.expect("a forget")
}

async fn present(harness: &impl ChannelHarness, group: &Group) -> Vec<UserId> {
    let present = harness.layer().present(group, None).await.expect("who is present");
    let count = harness.layer().count_present(group).await.expect("how many are present");
    assert_eq!(count, present.len());
    present.into_iter().map(|present| present.user).collect()
}

async fn is_occupied(harness: &impl ChannelHarness, group: &Group) -> bool {
    harness.layer().is_occupied(group).await.expect("whether it is occupied")
}

async fn lease(harness: &impl ChannelHarness, socket: &impl ContractSocket) -> WelcomeLease {
    harness.layer().lease_welcome(&socket.connection().id).await.expect("a lease")
}
