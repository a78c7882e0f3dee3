//! The ways to begin a session.

pub(in crate::app) mod browser_sign_in;
pub(in crate::app) mod link_identity;
pub(in crate::app) mod sign_in;
pub(in crate::app) mod sign_in_account;
pub(in crate::app) mod sign_in_guest;
pub(in crate::app) mod sign_in_vouched;

pub use self::browser_sign_in::{
    BegunSignIn, FLOW_LIFE, Return, begin_browser_sign_in, finish_browser_sign_in,
};
pub use self::link_identity::{LinkDemand, LinkOffer, LinkedSignIn, link_identity};
pub use self::sign_in::{ACCESS_TOKEN_LIFE, SignIn};
pub use self::sign_in_account::{AccountName, Proof, prove_if_possible, sign_in_account};
pub use self::sign_in_guest::sign_in_guest;
pub use self::sign_in_vouched::{sign_in_by_access_token, sign_in_by_id_token};
