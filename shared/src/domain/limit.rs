//! How often something may be done.

use std::time::Duration;

use super::chat::Budget;

/// So many times within so long, counted in windows that begin at whole multiples of their length since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many times.
    pub times: u32,
    /// Within how long; at least a second.
    pub within: Duration,
}

/// One of a limit's windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Its first second since 1970.
    pub begins: i64,
    /// The first second after it.
    pub ends: i64,
}

/// The limits of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Attempts to sign in from an address.
    pub sign_ins_per_address: Limit,
    /// Attempts from one address to sign in to one account, or to prove that it is one's own.
    pub sign_ins_per_account_and_address: Limit,
    /// The same from everywhere. More than one address alone may use up, which so locks nobody else out.
    pub sign_ins_per_account: Limit,
    /// New accounts from an address.
    pub registrations_per_address: Limit,
    /// New guests from an address.
    pub guests_per_address: Limit,
    /// Tickets for a session.
    pub tickets_per_session: Limit,
    /// What an account saves of how far it is with something, by HTTP.
    pub progress_per_account: Limit,
    /// Words of a forgotten password from an address.
    pub forgotten_per_address: Limit,
    /// Words of a forgotten password for an e-mail address, whether or not it has an account.
    pub forgotten_per_email: Limit,
    /// Mails that an account asks for to show that its address is its own.
    pub verifications_per_account: Limit,
    /// Mails to an e-mail address, whoever asked for them. What goes beyond is not sent.
    pub mails_per_email: Limit,
    /// Messages of one person in one room.
    pub messages: Budget,
    /// Edits, deletions and reactions of one person in one room.
    pub edits: Budget,
    /// Changes of what is played in one room; as many of its queue.
    pub playback: Budget,
    /// What one socket may be refused before it is closed: ten times the limit of messages.
    pub refusals: Budget,
}

impl Limits {
    /// As good as none: everything is counted, and nothing refused.
    pub const fn lifted() -> Self {
        let lifted = Limit::new(u32::MAX, 60);
        Self {
            sign_ins_per_address: lifted,
            sign_ins_per_account_and_address: lifted,
            sign_ins_per_account: lifted,
            registrations_per_address: lifted,
            guests_per_address: lifted,
            tickets_per_session: lifted,
            progress_per_account: lifted,
            forgotten_per_address: lifted,
            forgotten_per_email: lifted,
            verifications_per_account: lifted,
            mails_per_email: lifted,
            messages: Budget::new(u32::MAX, 1),
            edits: Budget::new(u32::MAX, 1),
            playback: Budget::new(u32::MAX, 1),
            refusals: Budget::new(u32::MAX, 1),
        }
    }

    /// Whether they are as good as none.
    pub fn are_lifted(&self) -> bool {
        self.messages.times == u32::MAX
    }
}

impl Limit {
    /// So many times within so many seconds.
    pub const fn new(times: u32, seconds: u64) -> Self {
        Self { times, within: Duration::from_secs(seconds) }
    }

    /// The window of this second since 1970.
    pub fn window(self, now: i64) -> Window {
        let length = i64::try_from(self.within.as_secs()).unwrap_or(i64::MAX).max(1);
        let begins = now - now.rem_euclid(length);
        Window { begins, ends: begins.saturating_add(length) }
    }
}

/// Generous to a household or an office behind one address, and no help to whoever guesses.
impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_ins_per_address: Limit::new(60, 300),
            sign_ins_per_account_and_address: Limit::new(20, 300),
            sign_ins_per_account: Limit::new(300, 3600),
            registrations_per_address: Limit::new(30, 3600),
            guests_per_address: Limit::new(120, 3600),
            tickets_per_session: Limit::new(60, 60),
            progress_per_account: Limit::new(60, 60),
            forgotten_per_address: Limit::new(30, 3600),
            forgotten_per_email: Limit::new(5, 3600),
            verifications_per_account: Limit::new(5, 3600),
            mails_per_email: Limit::new(15, 3600),
            messages: Budget::new(5, 3),
            edits: Budget::new(20, 3),
            // 30 in a second, in bursts of 100.
            playback: Budget { times: 100, within: Duration::from_millis(3333) },
            refusals: Budget::new(50, 3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_lie_side_by_side() {
        let limit = Limit::new(1, 300);
        assert_eq!(limit.window(0), Window { begins: 0, ends: 300 });
        assert_eq!(limit.window(299), limit.window(0));
        assert_eq!(limit.window(300), Window { begins: 300, ends: 600 });
        assert_eq!(limit.window(-1), Window { begins: -300, ends: 0 });
    }

    #[test]
    fn one_address_alone_never_reaches_what_an_account_may_be_tried_from_everywhere() {
        let Limits { sign_ins_per_account_and_address: one, sign_ins_per_account: all, .. } =
            Limits::default();
        let windows = all.within.as_secs().div_ceil(one.within.as_secs());
        assert!(u64::from(one.times) * windows < u64::from(all.times), "{one:?} {all:?}");
    }

    #[test]
    fn a_limit_of_no_time_counts_by_the_second() {
        assert_eq!(Limit::new(1, 0).window(7), Window { begins: 7, ends: 8 });
    }
}
