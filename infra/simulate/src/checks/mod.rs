//! What must hold, whatever happens.

mod book;
mod ledger;
mod log_rules;
mod member_rules;
pub(crate) mod posts;
mod presence_rules;
mod quiet;
mod watch_rules;

pub(crate) use self::book::RoomBook;
pub(crate) use self::ledger::Ledger;
pub(crate) use self::quiet::check_all;
