//! People, their secrets, sessions and tokens.

pub(in crate::store) mod admins;
pub(in crate::store) mod audit_log;
mod blocks;
mod former_addresses;
pub(in crate::store) mod links;
pub(in crate::store) mod people;
pub(in crate::store) mod pictures;
pub(in crate::store) mod sessions;
pub(in crate::store) mod sign_in_flows;
pub(in crate::store) mod signing_keys;
pub(in crate::store) mod tickets;
pub(in crate::store) mod user;
pub(in crate::store) mod users;

pub use admins::{AdminChange, AdminDeed, Admins};
pub use audit_log::{AuditAction, AuditLog, AuditPage, AuditRecord};
pub use blocks::{Block, Blocks};
pub use former_addresses::FormerAddresses;
pub use links::{Link, Links};
pub use people::{AccountChange, Accounts, Addition, NameTaken, PersonRow, Secrets};
pub use pictures::Pictures;
pub use sessions::{Session, Sessions};
pub use sign_in_flows::{SignInFlow, SignInFlows};
pub use signing_keys::{KeyEnds, SigningKeyRecord, SigningKeys};
pub use tickets::Tickets;
pub use user::{LinkedIdentities, User};
pub use users::Users;
