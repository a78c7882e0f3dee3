//! The `Mailer` port on SES.

use async_trait::async_trait;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::{BuildError, ProvideErrorMetadata as _, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};

use crate::ports::{Cause, Mail, Mailer, MailerError};

/// Mails from one address, whose identity SES has verified.
#[derive(Debug, Clone)]
pub struct SesMailer {
    client: Client,
    from: String,
}

impl SesMailer {
    /// Mails from this address.
    pub fn new(client: Client, from: impl Into<String>) -> Self {
        Self { client, from: from.into() }
    }
}

#[async_trait]
impl Mailer for SesMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailerError> {
        let content = content(mail).map_err(|error| MailerError::Refused(Box::new(error)))?;
        let to = Destination::builder().to_addresses(mail.to.as_str()).build();
        let request =
            self.client.send_email().from_email_address(&self.from).destination(to).content(content);
        request.send().await.map(drop).map_err(explained)
    }
}

fn content(mail: &Mail) -> Result<EmailContent, BuildError> {
    let text = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let body = Body::builder().text(text(&mail.text)?).build();
    let message = Message::builder().subject(text(&mail.subject)?).body(body).build();
    Ok(EmailContent::builder().simple(message).build())
}

/// What SES says of an error names the address: only its code is kept.
fn explained(error: SdkError<SendEmailError>) -> MailerError {
    let Some(refusal) = error.as_service_error() else {
        return MailerError::Unavailable(Box::new(error));
    };
    let cause: Cause = format!("SES answers {}", refusal.code().unwrap_or("without a code")).into();
    if refusal.is_message_rejected() || refusal.is_bad_request_exception() {
        MailerError::Refused(cause)
    } else {
        MailerError::Unavailable(cause)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
    use serde_json::{Value, json};

    use super::*;
    use crate::aws::replay::{json_answer, json_bodies, sdk_config};
    use crate::domain::email_address::EmailAddress;
    use crate::testing::mailer_contract::{SentMail, UnderTest};

    const FROM: &str = "parlor@example.org";

    struct Replayed(StaticReplayClient, SesMailer);

    #[async_trait]
    impl UnderTest for Replayed {
        fn mailer(&self) -> &dyn Mailer {
            &self.1
        }

        async fn sent(&self) -> Vec<SentMail> {
            json_bodies(&self.0).iter().map(sent_mail).collect()
        }
    }

    fn sent_mail(request: &Value) -> SentMail {
        let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        let charsets = ["/Content/Simple/Subject/Charset", "/Content/Simple/Body/Text/Charset"];
        assert!(charsets.iter().all(|pointer| text(pointer) == "UTF-8"), "{request}");
        assert!(request.pointer("/Destination/ToAddresses/1").is_none(), "{request}");
        SentMail {
            from: text("/FromEmailAddress"),
            to: text("/Destination/ToAddresses/0"),
            subject: text("/Content/Simple/Subject/Data"),
            text: text("/Content/Simple/Body/Text/Data"),
        }
    }

    fn mailer(answers: Vec<ReplayEvent>) -> Replayed {
        let (http, sdk) = sdk_config(answers);
        let client = Client::new(&sdk);
        Replayed(http, SesMailer::new(client, FROM))
    }

    async fn make() -> (Arc<dyn UnderTest>, ()) {
        let taken = || json_answer(200, &json!({"MessageId": "0102"}));
        (Arc::new(mailer(vec![taken(), taken(), taken()])), ())
    }

    crate::mailer_contract_tests!(make());

    async fn refused(status: u16, code: &str) -> MailerError {
        let answer = json!({"__type": code, "message": "Not verified: ann@example.org"});
        let mailer = mailer(vec![json_answer(status, &answer)]);
        let to = EmailAddress::parse("ann@example.org").unwrap();
        mailer.1.send(&Mail { to, subject: "Hello".into(), text: "secret".into() }).await.unwrap_err()
    }

    #[tokio::test]
    async fn what_ses_will_never_send_is_told_from_what_it_does_not_send_now() {
        for code in ["MessageRejected", "BadRequestException"] {
            let error = refused(400, code).await;
            assert!(matches!(error, MailerError::Refused(_)), "{error:?}");
        }
        let later = [
            (400, "AccountSuspendedException"),
            (400, "MailFromDomainNotVerifiedException"),
            (400, "SendingPausedException"),
            (403, "AccessDeniedException"),
            (429, "TooManyRequestsException"),
            (500, "InternalFailure"),
        ];
        for (status, code) in later {
            let error = refused(status, code).await;
            assert!(matches!(error, MailerError::Unavailable(_)), "{error:?}");
            assert!(
                format!("{error:?}").contains(code) && !format!("{error:?}").contains("ann"),
                "{error:?}"
            );
        }
    }
}
