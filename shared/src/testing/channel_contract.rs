//! What every [`ChannelLayer`] does, told as tests that each adapter runs against real or imitated sockets.
//!
//! An adapter implements [`ChannelHarness`], and says `channel_layer_contract_tests!(ItsHarness);` in a test file of
//! its own.

#![expect(clippy::expect_used, reason = "a scenario that cannot go on has failed")]

pub mod messages;
pub mod presence;
pub mod sockets;

use std::time::Duration;

use async_trait::async_trait;

use crate::ids::{SessionId, UserId};
use crate::ports::{ChannelLayer, Connection, Delivery, Endpoint, Group, Identity, WelcomeLease};
use crate::protocol::Frame;

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

/// Makes one `#[tokio::test]` of each scenario for a [`ChannelHarness`], with an attribute in front if one is given.
#[macro_export]
macro_rules! channel_layer_contract_tests {
    ($harness:ty) => {
        $crate::channel_layer_contract_tests! { #[cfg(test)] $harness }
    };
    (#$attribute:tt $harness:ty) => {
        $crate::channel_layer_contract_tests! { @each #$attribute $harness:
            messages {
                a_published_message_reaches_every_member_and_nobody_else,
                messages_arrive_in_the_order_they_were_published,
                a_sent_message_reaches_its_socket_alone,
                joining_twice_is_joining_once,
                who_left_gets_nothing_more,
                who_was_forgotten_gets_nothing_more,
                a_piece_for_a_group_reaches_all_of_it,
                a_piece_for_some_sockets_reaches_those_that_are_still_members,
            }
            sockets {
                a_connection_is_known_until_it_is_forgotten,
            the_sockets_of_a_group_are_told_with_who_is_behind_them,
                a_dead_socket_is_forgotten_on_the_way,
                sending_to_a_dead_socket_says_gone,
                a_socket_being_born_is_passed_over_and_kept,
                a_socket_is_welcomed_by_one_at_a_time,
                a_lost_lease_is_granted_again_after_half_a_minute,
                a_lease_that_is_given_back_is_granted_again_at_once,
                a_closed_socket_gets_the_reason_first,
                leaving_and_closing_what_is_not_there_does_no_harm,
            }
            presence {
                the_first_socket_makes_a_person_present_and_the_last_one_leaves,
                a_person_counts_as_present_until_their_leaving_is_confirmed,
                a_person_with_a_socket_left_is_not_gone,
                present_people_come_in_ascending_order_without_the_anonymous,
                one_of_many_simultaneous_sockets_makes_a_person_present,
                nobodys_presence_is_tracked_on_the_feed,
                forgetting_takes_a_socket_out_of_its_groups,
                a_group_is_occupied_while_it_has_a_member,
                nobody_is_ever_present_outside_rooms,
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
