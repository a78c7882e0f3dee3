//! Who gets in.

use std::time::Duration;

use super::settings::EntryMode;
use super::standing::Status;
use crate::protocol::Timestamp;

/// How long somebody who was turned away has to wait before they may ask again.
pub const DENIED_FOR: Duration = Duration::from_secs(600);

/// What the decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct EntryFacts {
    /// How one gets in.
    pub entry_mode: EntryMode,
    /// Whether nobody new gets in.
    pub is_locked: bool,
    /// How many members there may be.
    pub capacity: Option<u32>,
    /// How many there are.
    pub members: u32,
    /// Where the person stands, and since when.
    pub standing: Option<(Status, Timestamp)>,
    /// Whether they bring an invitation that is good.
    pub is_invited: bool,
    /// Whether the password that they sent is right; none if they sent none.
    pub password: Option<bool>,
}

/// What becomes of a wish to come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryVerdict {
    /// They are in already, or have asked already: nothing changes.
    Already(Status),
    /// They come in.
    Admit,
    /// They wait for an answer.
    Wait,
}

/// Why somebody doesn't get in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryRefused {
    /// They are banned.
    Banned,
    /// They were turned away minutes ago.
    Denied {
        /// In how many seconds they may ask again.
        retry_after: u64,
    },
    /// Nobody new gets in.
    Locked,
    /// All places are taken.
    Full,
    /// A password is wanted.
    PasswordRequired,
    /// It is the wrong one.
    WrongPassword,
}

/// Decides, in the order: ban, what they are already, lock, capacity, invitation, password, approval.
pub fn decide_entry(facts: &EntryFacts, now: Timestamp) -> Result<EntryVerdict, EntryRefused> {
    match facts.standing {
        Some((Status::Banned, _)) => return Err(EntryRefused::Banned),
        Some((Status::Approved, _)) => return Ok(EntryVerdict::Already(Status::Approved)),
        _ => {}
    }
    if facts.is_locked {
        return Err(EntryRefused::Locked);
    }
    if facts.capacity.is_some_and(|capacity| facts.members >= capacity) {
        return Err(EntryRefused::Full);
    }
    if facts.is_invited {
        return Ok(EntryVerdict::Admit);
    }
    unasked(facts, now)
}

fn unasked(facts: &EntryFacts, now: Timestamp) -> Result<EntryVerdict, EntryRefused> {
    if let Some((Status::Denied, since)) = facts.standing {
        let left = DENIED_FOR.saturating_sub(now.since(since));
        if !left.is_zero() {
            return Err(EntryRefused::Denied { retry_after: left.as_secs().max(1) });
        }
    }
    match (facts.entry_mode, facts.password, facts.standing) {
        (_, _, Some((Status::Pending, _))) => Ok(EntryVerdict::Already(Status::Pending)),
        (EntryMode::Open, ..) | (EntryMode::Password, Some(true), _) => Ok(EntryVerdict::Admit),
        (EntryMode::Password, Some(false), _) => Err(EntryRefused::WrongPassword),
        (EntryMode::Password, None, _) => Err(EntryRefused::PasswordRequired),
        (EntryMode::Approval, ..) => Ok(EntryVerdict::Wait),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(10_000);
    const OPEN: EntryFacts = EntryFacts {
        entry_mode: EntryMode::Open,
        is_locked: false,
        capacity: None,
        members: 3,
        standing: None,
        is_invited: false,
        password: None,
    };

    fn since(status: Status, ago: i64) -> Option<(Status, Timestamp)> {
        Some((status, Timestamp::from_secs(10_000 - ago)))
    }

    #[test]
    fn refusals_come_in_their_order() {
        let all = EntryFacts {
            entry_mode: EntryMode::Password,
            is_locked: true,
            capacity: Some(3),
            standing: since(Status::Banned, 1),
            ..OPEN
        };
        assert_eq!(decide_entry(&all, NOW), Err(EntryRefused::Banned));
        let all = EntryFacts { standing: None, ..all };
        assert_eq!(decide_entry(&all, NOW), Err(EntryRefused::Locked));
        let all = EntryFacts { is_locked: false, ..all };
        assert_eq!(decide_entry(&all, NOW), Err(EntryRefused::Full));
        let all = EntryFacts { capacity: Some(4), ..all };
        assert_eq!(decide_entry(&all, NOW), Err(EntryRefused::PasswordRequired));
        assert_eq!(
            decide_entry(&EntryFacts { password: Some(false), ..all }, NOW),
            Err(EntryRefused::WrongPassword)
        );
        assert_eq!(decide_entry(&EntryFacts { password: Some(true), ..all }, NOW), Ok(EntryVerdict::Admit));
    }

    #[test]
    fn members_stay_in_whatever_has_changed_since() {
        let changed = EntryFacts {
            entry_mode: EntryMode::Password,
            is_locked: true,
            capacity: Some(1),
            standing: since(Status::Approved, 99),
            ..OPEN
        };
        assert_eq!(decide_entry(&changed, NOW), Ok(EntryVerdict::Already(Status::Approved)));
    }

    #[test]
    fn an_invitation_stands_for_password_and_approval_but_not_for_a_ban() {
        for entry_mode in [EntryMode::Open, EntryMode::Password, EntryMode::Approval] {
            let invited = EntryFacts { entry_mode, is_invited: true, ..OPEN };
            assert_eq!(decide_entry(&invited, NOW), Ok(EntryVerdict::Admit));
        }
        let banned = EntryFacts { is_invited: true, standing: since(Status::Banned, 1), ..OPEN };
        assert_eq!(decide_entry(&banned, NOW), Err(EntryRefused::Banned));
    }

    #[test]
    fn who_was_denied_may_ask_again_after_ten_minutes() {
        let denied = |ago| EntryFacts {
            entry_mode: EntryMode::Approval,
            standing: since(Status::Denied, ago),
            ..OPEN
        };
        assert_eq!(decide_entry(&denied(599), NOW), Err(EntryRefused::Denied { retry_after: 1 }));
        assert_eq!(decide_entry(&denied(600), NOW), Ok(EntryVerdict::Wait));
    }

    #[test]
    fn who_left_comes_in_like_anybody_else() {
        let left = EntryFacts { standing: since(Status::Left, 5), ..OPEN };
        assert_eq!(decide_entry(&left, NOW), Ok(EntryVerdict::Admit));
        let left = EntryFacts { entry_mode: EntryMode::Approval, ..left };
        assert_eq!(decide_entry(&left, NOW), Ok(EntryVerdict::Wait));
    }
}
