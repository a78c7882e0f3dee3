//! Passwords and phrases: changing them, replacing forgotten ones, and the links that are mailed for that.

pub(in crate::app) mod change_secrets;
pub(in crate::app) mod mail_link;
pub(in crate::app) mod new_secrets;
pub(in crate::app) mod notify_owner;
pub(in crate::app) mod reset_password;
pub(in crate::app) mod secret_work;
pub(in crate::app) mod verify_email;

pub use self::change_secrets::{SecretChange, change_secrets};
pub use self::reset_password::{forgot_password, reset_password};
pub use self::verify_email::{
    Confirmation, ConfirmationDemand, LinkedAccount, linked_account, request_verification, verify_email,
};
