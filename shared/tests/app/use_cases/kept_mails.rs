//! Mails in the test's own hands.

use std::sync::Mutex;

use async_trait::async_trait;
use parlor::ports::{Mail, Mailer, MailerError};

/// What keeps mails instead of sending them; it can be told how the next one fails.
#[derive(Debug, Default)]
pub(crate) struct KeptMails {
    kept: Mutex<Vec<Mail>>,
    pub(crate) next_error: Mutex<Option<MailerError>>,
}

impl KeptMails {
    pub(crate) fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut self.kept.lock().unwrap())
    }
}

/// The token of the link in a mail, whose page this is.
pub(crate) fn token(mail: &Mail, page: &str) -> String {
    let (_, rest) = mail.text.split_once(&format!("http://localhost/{page}/?token=")).unwrap();
    rest.lines().next().unwrap().to_owned()
}

#[async_trait]
impl Mailer for KeptMails {
    async fn send(&self, mail: &Mail) -> Result<(), MailerError> {
        if let Some(error) = self.next_error.lock().unwrap().take() {
            return Err(error);
        }
        self.kept.lock().unwrap().push(mail.clone());
        Ok(())
    }
}
