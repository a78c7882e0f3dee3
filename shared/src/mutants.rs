//! Bugs that the simulation plants, to show that it finds them: none of this is compiled anywhere else.

/// Whether that bug is planted.
#[cfg(not(feature = "mutants"))]
macro_rules! planted {
    ($mutant:ident) => {
        false
    };
}

/// Whether that bug is planted.
#[cfg(feature = "mutants")]
macro_rules! planted {
    ($mutant:ident) => {
        $crate::mutants::is_planted($crate::mutants::Mutant::$mutant)
    };
}

#[cfg(feature = "mutants")]
pub use self::plant::{Mutant, is_planted, plant};

#[cfg(feature = "mutants")]
mod plant {
    use std::sync::atomic::{AtomicUsize, Ordering};

    macro_rules! mutants {
        ($($(#[doc = $doc:literal])+ $name:ident)*) => {
            /// A bug.
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum Mutant {
                $($(#[doc = $doc])+ $name,)*
            }

            impl Mutant {
                /// All of them, each with what it is.
                pub const ALL: &[(Self, &str)] = &[$((Self::$name, concat!($($doc),+)),)*];
            }
        };
    }

    mutants! {
        /// An append does not recognise what it wrote itself.
        NoNonce
        /// The newest event expires.
        ExpiryOnNewest
        /// A socket's row is written without the check that its person is a member.
        RowWithoutCheck
        /// What waits in the queue is a frame instead of the number of what is stored.
        QueuedFrame
        /// Whether somebody has left is checked without the token of the last join.
        LeaveCheckWithoutToken
        /// A host's absence has no number.
        AbsenceWithoutNumber
        /// What an event does to a message is done after it, not with it.
        FoldOutsideTransaction
        /// A message is told before it is stored.
        PublishBeforeAppend
        /// A greeting fails after its last frame.
        GreetingFailsAtTheEnd
        /// Reading forward goes on beyond a gap.
        ReadAcrossGap
        /// Commands of one socket count in the order in which they arrive.
        OrderByArrival
        /// One dialect is not told of edits.
        ForgottenDialect
        /// Edits count as unread.
        EditsUnread
        /// Two people may have two conversations.
        TwoPairs
        /// A join does not check that its person still exists.
        JoinOfTheErased
        /// Who is banned loses their rows first, and their membership then.
        RowsBeforeMember
        /// A name in a room is claimed without a condition.
        UnclaimedNames
        /// Who leaves is still counted.
        UncountedLeaving
        /// Sockets outlive their session.
        SocketsOutliveSession
        /// What can't be told now is never told.
        FailedTellForgotten
        /// A greeting is not noted.
        GreetingNotNoted
        /// A socket whose handshake is not answered yet counts as dead.
        NewbornIsDead
        /// What is watched changes without a look at its version.
        VersionUnchecked
        /// Who is silenced may speak.
        MutedMaySpeak
        /// Who says something hears of it only by a row.
        EchoByRowAlone
        /// A sign of life is given once.
        KeepAliveOnce
        /// A socket that was only half put out stays open.
        HalfPutOutStays
    }

    /// The place of the bug that is planted among all, from 1; 0 for none.
    static PLANTED: AtomicUsize = AtomicUsize::new(0);

    /// Plants a bug in place of the one before.
    pub fn plant(mutant: Option<Mutant>) {
        PLANTED.store(mutant.map_or(0, |mutant| mutant as usize + 1), Ordering::SeqCst);
    }

    /// Whether that bug is planted.
    pub fn is_planted(mutant: Mutant) -> bool {
        PLANTED.load(Ordering::Relaxed) == mutant as usize + 1
    }
}
