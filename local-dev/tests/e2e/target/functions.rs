//! The real functions, run by local-dev, on a real table and real buckets.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use real_servers::{DynamoDbLocal, S3Server};
use rusty_s3::Credentials;
use tempfile::TempDir;

use super::drop_box::{DropBox, bucket};
use super::process::Process;

/// The shortest that the template allows.
pub const HEARTBEAT: Duration = Duration::from_secs(5);
/// Names the folder of the functions' binaries; without it, it is the one of local-dev's.
const FOLDER: &str = "FUNCTIONS_FOLDER";
/// The WebSocket API's stage.
const STAGE: &str = "live";
const FRONT_END: &str = "http://localhost:5173";

/// local-dev in front of all functions of the template, with a table and a bucket of their own.
pub struct Functions {
    /// The HTTP API, without a slash at the end.
    pub http: String,
    /// The WebSocket API's stage.
    pub sockets: String,
    /// The queues, and what controls them.
    pub queues: String,
    /// The table's name.
    pub table: String,
    /// Where it is.
    database: String,
    /// Where buckets are reached so that functions hear of new objects.
    s3_url: String,
    bucket: String,
    s3: S3Server,
    process: Process,
    store: TempDir,
}

/// What is not as usual.
#[derive(Default)]
pub struct Places<'a> {
    /// Where functions find the table.
    pub database: Option<&'a str>,
    /// Where they find `@connections`.
    pub sockets: Option<&'a str>,
    /// Further options of local-dev.
    pub options: &'a [&'a str],
}

impl Functions {
    /// Starts them on empty stores.
    pub async fn start() -> Self {
        Self::start_with(&Places::default()).await
    }

    /// Starts them on empty stores, some of them elsewhere.
    pub async fn start_with(places: &Places<'_>) -> Self {
        let database = DynamoDbLocal::shared().await;
        let s3 = S3Server::start().await;
        let table = database.make_table().await;
        let mut command = command(&table, s3.endpoint());
        let store = tempfile::tempdir().unwrap();
        command.arg("--store").arg(store.path());
        command.env("AWS_ENDPOINT_URL_DYNAMODB", places.database.unwrap_or(database.endpoint()));
        if let Some(url) = places.sockets {
            command.args(["--env", &format!("CALLBACK_URL={url}/{STAGE}")]);
        }
        command.args(places.options);
        let process = Process::start(command);
        let bucket = process.address("Bucket");
        s3.make_bucket(&bucket);
        Self {
            http: process.address("HTTP API"),
            sockets: process.address("WebSocket API"),
            queues: process.address("SQS"),
            table,
            database: database.endpoint().to_owned(),
            s3_url: process.address("S3"),
            bucket,
            s3,
            process,
            store,
        }
    }

    /// The bucket, by the door at which functions hear of new objects.
    pub fn drops(&self) -> DropBox {
        let credentials = Credentials::new(S3Server::ACCESS_KEY, S3Server::SECRET_KEY);
        DropBox::Bucket(bucket(&self.s3_url, &self.bucket, S3Server::REGION), credentials)
    }

    /// Tells a command of local-dev which table it is, and where.
    pub fn name_table<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        credentials(command).env("AWS_ENDPOINT_URL_DYNAMODB", &self.database).args(["--table", &self.table])
    }

    /// The folder of what is sent by mail.
    pub fn mails(&self) -> PathBuf {
        self.store.path().join("mail")
    }

    /// Whose children the functions' processes are.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// How many uploads lie in the bucket.
    pub fn stored_files(&self) -> usize {
        self.objects("media/").len()
    }

    /// The texts that lie in the bucket.
    pub fn dropped(&self) -> Vec<String> {
        self.objects("messages/")
    }

    fn objects(&self, prefix: &str) -> Vec<String> {
        self.s3.keys(&self.bucket).into_iter().filter(|key| key.starts_with(prefix)).collect()
    }
}

fn command(table: &str, s3: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-dev"));
    command.args([
        "--port",
        "0",
        "--feed-port",
        "0",
        "--log",
        "info,local_dev=debug,emulator=debug",
        "--functions",
    ]);
    command.arg(folder()).arg("--edge").arg("--template").arg(project().join("template.yaml"));
    command.args(["--s3", s3, "--env", &format!("TABLE_NAME={table}")]);
    command.args(["--parameter", &format!("HeartbeatSeconds={}", HEARTBEAT.as_secs())]);
    command.args(["--parameter", &format!("AllowedOrigins={FRONT_END}")]);
    credentials(&mut command);
    command.args(["--parameter", "MailFrom=parlor@example.org"]);
    command
}

fn credentials(command: &mut Command) -> &mut Command {
    command.env("AWS_REGION", S3Server::REGION).env("AWS_ACCESS_KEY_ID", S3Server::ACCESS_KEY);
    command.env("AWS_SECRET_ACCESS_KEY", S3Server::SECRET_KEY)
}

fn folder() -> PathBuf {
    let ours = Path::new(env!("CARGO_BIN_EXE_local-dev")).parent().unwrap();
    env::var_os(FOLDER).map_or_else(|| ours.to_owned(), PathBuf::from)
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}
