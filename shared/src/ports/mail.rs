//! What goes into the [`Mailer`](super::Mailer) port.

use std::fmt;

use super::Cause;
use crate::domain::email_address::EmailAddress;

/// A letter in plain text to one address.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// To whom.
    pub to: EmailAddress,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says, in lines that end in `\n`. Links in it are secrets.
    pub text: String,
}

/// Neither who gets it nor what it says belongs in logs.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// Why a mail was not sent. No cause names its address.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// This mail will never be sent, however often it is tried.
    #[error("the mail is refused")]
    Refused(#[source] Cause),
    /// The service did not answer, or sends nothing at present.
    #[error("no mail can be sent at present")]
    Unavailable(#[source] Cause),
}
