//! What every [`Mailer`] does.

#![expect(clippy::unwrap_used, reason = "a scenario is a test")]

use async_trait::async_trait;

use crate::domain::email_address::EmailAddress;
use crate::ports::{Mail, Mailer};

/// One test for each scenario of the [`Mailer`] port. The adapter is an [`UnderTest`] that can send three mails.
#[macro_export]
macro_rules! mailer_contract_tests {
    ($make:expr) => {
        $crate::scenarios! { #[cfg(test)] $make, mailer_contract,
            scenarios {
                a_mail_goes_out_as_it_was_written,
                texts_in_any_language_and_long_lines_stay_as_they_are,
                every_mail_goes_out_once,
            }
        }
    };
}

/// A mail as whoever takes it reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMail {
    /// Whose it is.
    pub from: String,
    /// To whom.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says, in lines that end in `\n`.
    pub text: String,
}

/// An adapter, and what it has sent.
#[async_trait]
pub trait UnderTest: Send + Sync {
    /// The port, whose mails are from `parlor@example.org`.
    fn mailer(&self) -> &dyn Mailer;

    /// What was sent, in any order.
    async fn sent(&self) -> Vec<SentMail>;
}

/// The scenarios.
pub mod scenarios {
    use std::sync::Arc;

    use super::*;

    fn mail(to: &str, subject: &str, text: &str) -> Mail {
        Mail { to: EmailAddress::parse(to).unwrap(), subject: subject.into(), text: text.into() }
    }

    /// What is to come of it.
    fn received(mail: &Mail) -> SentMail {
        let Mail { to, subject, text } = mail.clone();
        SentMail { from: "parlor@example.org".into(), to: to.as_str().into(), subject, text }
    }

    /// Sender, receiver, subject and text arrive as they were given.
    pub async fn a_mail_goes_out_as_it_was_written(under_test: Arc<dyn UnderTest>) {
        let link = format!("https://parlor.example.org/reset-password/?token=plp_{}", "x".repeat(54));
        let text = format!("Hello,\n\nlook here:\n\n{link}\n\n.\nFrom me = to you.\n");
        let mail = mail("Ann.Lee+Films@Example.ORG", "A link, for you: 100 %", &text);
        under_test.mailer().send(&mail).await.unwrap();
        assert_eq!(under_test.sent().await, [received(&mail)]);
    }

    /// What isn't ASCII, or longer than mail's lines, is encoded and read back.
    pub async fn texts_in_any_language_and_long_lines_stay_as_they_are(under_test: Arc<dyn UnderTest>) {
        let text = format!("Grüße, 你好 \u{1F39E}\n{}\n", "word ".repeat(400).trim_end());
        let mail =
            mail("o'neill@mail.example.co.uk", "Grüße aus Köln, die länger als eine Zeile sind: 你好", &text);
        under_test.mailer().send(&mail).await.unwrap();
        assert_eq!(under_test.sent().await, [received(&mail)]);
    }

    /// Several mails at the same time, alike or not, are as many mails.
    pub async fn every_mail_goes_out_once(under_test: Arc<dyn UnderTest>) {
        let (one, other) = (mail("ann@example.org", "One", "1\n"), mail("bob@example.org", "Other", "2\n"));
        let mailer = under_test.mailer();
        let sending = [mailer.send(&one), mailer.send(&one), mailer.send(&other)];
        for sent in futures_util::future::join_all(sending).await {
            sent.unwrap();
        }
        let mut sent = under_test.sent().await;
        sent.sort_by(|a, b| a.to.cmp(&b.to));
        assert_eq!(sent, [received(&one), received(&one), received(&other)]);
    }
}
