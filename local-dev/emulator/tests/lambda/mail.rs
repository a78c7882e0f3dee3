//! The stand-in for SES.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use emulator::lambda::MailService;
use parlor::testing::SettableClock;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

struct TestMail {
    service: MailService,
    store: TempDir,
}

impl TestMail {
    async fn start() -> Self {
        let store = tempfile::tempdir().unwrap();
        let service =
            MailService::start(&store.path().join("mail"), Arc::new(SettableClock::default())).await;
        Self { service: service.unwrap(), store }
    }

    fn request(&self, body: &Value) -> RequestBuilder {
        Client::new().post(format!("{}/v2/email/outbound-emails", self.service.url())).json(body)
    }

    fn files(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.store.path().join("mail")).into_iter().flatten();
        files.map(|file| file.unwrap().path()).collect()
    }
}

fn mail(to: &Value) -> Value {
    let text = |text: &str| json!({ "Data": text, "Charset": "UTF-8" });
    json!({
        "FromEmailAddress": "parlor@example.org",
        "Destination": { "ToAddresses": to },
        "Content": { "Simple": { "Subject": text("A link"), "Body": { "Text": text("Here it is.\n") } } },
    })
}

#[tokio::test]
async fn a_mail_is_a_file_and_the_folder_is_there_with_the_first_one() {
    let test = TestMail::start().await;
    assert!(fs::read_dir(test.store.path()).unwrap().next().is_none());
    let answer = test.request(&mail(&json!(["ann@example.org"]))).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.json::<Value>().await.unwrap()["MessageId"].is_string());
    let [file] = &test.files()[..] else { panic!("{:?}", test.files()) };
    let text = fs::read_to_string(file).unwrap();
    for part in
        ["From: <parlor@example.org>", "To: <ann@example.org>", "Subject: A link", "\r\n\r\nHere it is.\r\n"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    test.service.stop().await;
}

#[tokio::test]
async fn what_it_cannot_write_and_what_a_page_sends_is_refused_as_ses_refuses() {
    let test = TestMail::start().await;
    let good = mail(&json!(["ann@example.org"]));
    let mut raw = good.clone();
    raw["Content"] = json!({ "Raw": { "Data": "Rm9v" } });
    let several = mail(&json!(["ann@example.org", "bob@example.org"]));
    let refused = [
        (test.request(&raw), 400, "BadRequestException"),
        (test.request(&several), 400, "BadRequestException"),
        (test.request(&mail(&json!(["nobody"]))), 400, "BadRequestException"),
        (test.request(&json!("x")), 400, "BadRequestException"),
        (test.request(&good).header("origin", "http://localhost:3000"), 403, "AccessDeniedException"),
    ];
    for (request, status, kind) in refused {
        let answer = request.send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["x-amzn-errortype"].to_str().unwrap()),
            (status, kind)
        );
    }
    assert!(test.files().is_empty());
}
