//! Who may do what in a room, and to whom: one table for REST and sockets alike.

/// What somebody is in a room, as far as rights go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// Not a member: a stranger, an applicant, somebody who left.
    Stranger,
    /// A member.
    Member,
    /// A member who helps the host.
    CoHost,
    /// Host by hand-over while the owner is away.
    ActingHost,
    /// Host of their own room, or its owner while somebody else acts as host.
    Owner,
    /// An admin of this Parlor, who need not be a member.
    SiteAdmin,
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// End the room for good.
    Close,
    /// Take away a copy of the room.
    Export,
    /// Make somebody else the owner.
    PassOn,
    /// Make a member a co-host.
    MakeCoHost,
    /// Make a co-host a member again.
    RemoveCoHost,
    /// Change name, entry, limits and the like.
    ChangeSettings,
    /// Let an applicant in, or turn them away.
    Decide,
    /// Make, see and end invitations.
    Invite,
    /// See applicants and the banned.
    SeeApplicants,
    /// Read the trail.
    Audit,
    /// Close somebody's sockets here.
    Kick,
    /// Keep somebody out.
    Ban,
    /// Let them ask again.
    Unban,
    /// Silence somebody.
    Mute,
    /// Let them speak again.
    Unmute,
    /// Delete somebody else's message.
    DeleteMessage,
    /// Play, pause, seek, choose what is watched.
    Playback,
    /// Speak while slow mode holds others back.
    SpeakFreely,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Only the host, or a co-host, may.
    HostOnly,
    /// Nobody may, to this person.
    Untouchable,
}

/// Whether somebody may do something, to somebody of that rank where it is done to a person.
///
/// Nobody acts on owner, host or site admin; only the host acts on co-hosts. Whoever acts as host for the owner can't
/// close, export or pass on what isn't theirs.
pub fn may(actor: Rank, act: Act, target: Option<Rank>) -> Result<(), Refused> {
    if !ranks(act).contains(&actor) {
        return Err(Refused::HostOnly);
    }
    match target {
        Some(Rank::Owner | Rank::ActingHost) if touches_person(act) => Err(Refused::Untouchable),
        Some(Rank::CoHost) if touches_person(act) && actor == Rank::CoHost => Err(Refused::HostOnly),
        _ => Ok(()),
    }
}

const OWNERS: &[Rank] = &[Rank::Owner, Rank::SiteAdmin];
const HOSTS: &[Rank] = &[Rank::Owner, Rank::ActingHost, Rank::SiteAdmin];
const CO_HOSTS: &[Rank] = &[Rank::Owner, Rank::ActingHost, Rank::CoHost, Rank::SiteAdmin];

fn ranks(act: Act) -> &'static [Rank] {
    match act {
        Act::Close | Act::Export | Act::PassOn => OWNERS,
        Act::MakeCoHost | Act::RemoveCoHost => HOSTS,
        _ => CO_HOSTS,
    }
}

fn touches_person(act: Act) -> bool {
    matches!(
        act,
        Act::Kick | Act::Ban | Act::Unban | Act::Mute | Act::Unmute | Act::MakeCoHost | Act::RemoveCoHost
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANKS: [Rank; 6] =
        [Rank::Stranger, Rank::Member, Rank::CoHost, Rank::ActingHost, Rank::Owner, Rank::SiteAdmin];
    const ACTS: [Act; 18] = [
        Act::Close,
        Act::Export,
        Act::PassOn,
        Act::MakeCoHost,
        Act::RemoveCoHost,
        Act::ChangeSettings,
        Act::Decide,
        Act::Invite,
        Act::SeeApplicants,
        Act::Audit,
        Act::Kick,
        Act::Ban,
        Act::Unban,
        Act::Mute,
        Act::Unmute,
        Act::DeleteMessage,
        Act::Playback,
        Act::SpeakFreely,
    ];

    /// A letter for each act in order: `y` may, `-` may not.
    fn row(actor: Rank, target: Option<Rank>) -> String {
        ACTS.iter().map(|act| if may(actor, *act, target).is_ok() { 'y' } else { '-' }).collect()
    }

    #[test]
    fn everybody_may_do_what_the_table_says() {
        assert_eq!(row(Rank::Stranger, None), "------------------");
        assert_eq!(row(Rank::Member, None), "------------------");
        assert_eq!(row(Rank::CoHost, None), "-----yyyyyyyyyyyyy");
        assert_eq!(row(Rank::ActingHost, None), "---yyyyyyyyyyyyyyy");
        assert_eq!(row(Rank::Owner, None), "yyyyyyyyyyyyyyyyyy");
        assert_eq!(row(Rank::SiteAdmin, None), "yyyyyyyyyyyyyyyyyy");
    }

    #[test]
    fn a_co_host_acts_on_members_and_applicants_but_not_on_other_co_hosts() {
        assert_eq!(row(Rank::CoHost, Some(Rank::Member)), row(Rank::CoHost, None));
        assert_eq!(row(Rank::CoHost, Some(Rank::CoHost)), "-----yyyyy-----yyy");
        assert_eq!(row(Rank::ActingHost, Some(Rank::CoHost)), row(Rank::ActingHost, None));
    }

    #[test]
    fn nobody_acts_on_the_host_or_the_owner() {
        for actor in RANKS {
            for target in [Rank::Owner, Rank::ActingHost] {
                for act in ACTS.into_iter().filter(|act| touches_person(*act)) {
                    assert!(may(actor, act, Some(target)).is_err(), "{actor:?} {act:?} {target:?}");
                }
            }
        }
    }
}
