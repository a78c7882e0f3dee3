//! A stand-in for SES: what functions send lies in a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use parlor::domain::email_address::EmailAddress;
use parlor::embedded::{Durability, FolderMailer};
use parlor::ports::{Clock, Mail};
use parlor::system::OsRandom;
use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::listener::{BindError, Listener, ServerLimits};
use crate::local_programs::is_of_a_local_program;

/// The address that is listened on: this machine's programs alone reach it.
const LOOPBACK: &str = "127.0.0.1";
/// What SES takes in one request.
const MAX_REQUEST_BYTES: usize = 40 * 1024 * 1024;
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// SES's call to send a mail, for one receiver and in plain text; signatures are not verified.
#[derive(Debug)]
pub struct MailService {
    url: String,
    listener: JoinHandle<()>,
    stop: CancellationToken,
    /// Ends it, should nobody call [`MailService::stop`].
    _guard: DropGuard,
}

#[derive(Debug, Clone)]
struct MailFolder {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
}

impl MailService {
    /// Listens on a free port. The folder is made when there is something to put into it.
    pub async fn start(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self, BindError> {
        let listener = Listener::bind(LOOPBACK, 0).await?;
        let (url, stop) = (format!("http://{LOOPBACK}:{}", listener.port()), CancellationToken::new());
        let folder = MailFolder { folder: folder.to_owned(), clock };
        let router = Router::new().route("/v2/email/outbound-emails", post(send)).with_state(folder);
        let listener = tokio::spawn(listener.serve(router, ServerLimits::default(), stop.clone()));
        Ok(Self { url, listener, _guard: stop.clone().drop_guard(), stop })
    }

    /// Where SDKs find it: `AWS_ENDPOINT_URL_SESV2`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends it once it has answered whoever has asked.
    pub async fn stop(self) {
        self.stop.cancel();
        // A task that broke down has said so; there is nothing left to wait for.
        let _ = self.listener.await;
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    from_email_address: String,
    destination: Destination,
    content: Content,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    to_addresses: [String; 1],
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Message,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Message {
    subject: Data,
    body: Text,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    text: Data,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    data: String,
}

async fn send(State(folder): State<MailFolder>, request: Request) -> Response<Body> {
    if !is_of_a_local_program(&request) {
        return refusal(
            StatusCode::FORBIDDEN,
            "AccessDeniedException",
            "only programs of this machine may call",
        );
    }
    let Ok(body) = to_bytes(request.into_body(), MAX_REQUEST_BYTES).await else {
        return refusal(
            StatusCode::BAD_REQUEST,
            "BadRequestException",
            "the request is too long, or broke off",
        );
    };
    let Some((from, mail)) = read(&body) else {
        let sentence = "only simple mails in plain text to one receiver are supported here";
        return refusal(StatusCode::BAD_REQUEST, "BadRequestException", sentence);
    };
    match folder.write(&from, &mail).await {
        Ok(path) => {
            tracing::info!(file = %path.display(), subject = mail.subject, "a mail was written");
            let id = path.file_stem().unwrap_or_default().to_string_lossy();
            Json(json!({ "MessageId": id })).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a mail could not be written");
            refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "the mail could not be written")
        }
    }
}

impl MailFolder {
    async fn write(&self, from: &str, mail: &Mail) -> std::io::Result<PathBuf> {
        let (clock, random) = (self.clock.clone(), Arc::new(OsRandom));
        FolderMailer::open(&self.folder, from, Durability::Process, clock, random)?.write(from, mail).await
    }
}

/// Who writes, and what.
fn read(body: &[u8]) -> Option<(String, Mail)> {
    let SendEmail { from_email_address, destination, content } = serde_json::from_slice(body).ok()?;
    let [to] = destination.to_addresses;
    let Message { subject, body } = content.simple;
    let to = EmailAddress::parse(&to).ok()?;
    Some((from_email_address, Mail { to, subject: subject.data, text: body.text.data }))
}

fn refusal(status: StatusCode, kind: &'static str, message: &str) -> Response<Body> {
    (status, [(ERROR_TYPE, kind)], Json(json!({ "message": message }))).into_response()
}
