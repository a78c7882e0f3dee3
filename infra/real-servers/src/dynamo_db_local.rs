//! Amazon's DynamoDB Local, a Java program.

mod json_call;
mod table_definition;

use std::env;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::OnceCell;

/// Names the folder of the program; without it, it is where `cargo xtask e2e` puts it.
const FOLDER: &str = "DYNAMODB_LOCAL";

/// Runs a program for as long as somebody holds the other end of its standard input. So the server ends with us,
/// however we end.
const WHILE_HELD: &str =
    r#"exec 3<&0; "$@" & server=$!; { read -r _ <&3; kill "$server"; } & wait "$server""#;

/// How long a Java program may take to come up on a busy machine.
const STARTS_WITHIN: Duration = Duration::from_secs(60);

/// A DynamoDB that keeps its tables in memory.
///
/// It listens on every interface, since it can't be told otherwise, at a port that was free a moment before.
#[derive(Debug)]
pub struct DynamoDbLocal {
    endpoint: String,
    tables: AtomicU32,
    process: Mutex<Child>,
    /// Dropped before the process is waited for: that is what ends it.
    held: Option<ChildStdin>,
}

impl DynamoDbLocal {
    /// Any key will do: nothing is verified.
    pub const ACCESS_KEY: &str = "AKIDTESTING";
    /// Any secret, too.
    pub const SECRET_KEY: &str = "testing-secret";
    /// The region that clients can say.
    pub const REGION: &str = "us-east-1";

    /// Starts a server of one's own.
    ///
    /// # Panics
    /// If it is not installed, or does not start.
    pub async fn start() -> Self {
        let folder = folder();
        let jar = folder.join("DynamoDBLocal.jar");
        assert!(
            jar.exists(),
            "DynamoDB Local is not in {}: `cargo xtask e2e adapters` installs it",
            folder.display()
        );
        let port = free_port();
        let mut process = command(&folder, port).spawn().expect("a shell and Java, to start DynamoDB Local");
        let held = process.stdin.take();
        let endpoint = format!("http://127.0.0.1:{port}");
        let server = Self { endpoint, tables: AtomicU32::new(0), process: Mutex::new(process), held };
        tokio::time::timeout(STARTS_WITHIN, server.answers()).await.expect("DynamoDB Local to start");
        server
    }

    /// The one server of this process, started by whoever comes first. It ends with the process.
    pub async fn shared() -> &'static Self {
        static SHARED: OnceCell<DynamoDbLocal> = OnceCell::const_new();
        SHARED.get_or_init(Self::start).await
    }

    /// The URL that clients talk to.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Makes an empty table such as the template declares it (keys, index, time to live), and answers its name.
    ///
    /// # Panics
    /// If the server refuses.
    pub async fn make_table(&self) -> String {
        let number = self.tables.fetch_add(1, Ordering::Relaxed);
        let name = format!("parlor-{}-{number}", std::process::id());
        self.call("CreateTable", &table_definition::create_table(&name)).await;
        self.call("UpdateTimeToLive", &table_definition::time_to_live(&name)).await;
        name
    }

    /// Makes a call of DynamoDB's JSON protocol, for what a test wants to see past the code that it tests.
    ///
    /// # Panics
    /// If the server refuses.
    pub async fn call(&self, operation: &str, body: &Value) -> Value {
        let answer = json_call::call(&self.endpoint, operation, body).await;
        answer.unwrap_or_else(|error| panic!("{operation}: {error}"))
    }

    /// Asks until there is an answer; a process that has ended gives none. It says nowhere that it listens: hence the pauses.
    async fn answers(&self) {
        while json_call::call(&self.endpoint, "ListTables", &serde_json::json!({})).await.is_err() {
            let ended = self.process.lock().expect("nobody to panic here").try_wait();
            assert!(matches!(ended, Ok(None)), "DynamoDB Local ended: {ended:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for DynamoDbLocal {
    fn drop(&mut self) {
        drop(self.held.take());
        if let Ok(process) = self.process.get_mut() {
            let _ended = process.wait();
        }
    }
}

fn folder() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let default = || here.join("../../target/tools/dynamodb-local/package/lib/dynamodb_local_2026-01-16");
    env::var_os(FOLDER).map_or_else(default, PathBuf::from)
}

/// A port that nobody listens on, for a program that cannot choose one itself.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("the port that was free").port()
}

/// In memory, and one set of tables for all who ask, whatever their keys and regions.
fn command(folder: &Path, port: u16) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", WHILE_HELD, "sh", "java", "-Djava.library.path=./DynamoDBLocal_lib", "-Xmx512m"]);
    command.args(["-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-disableTelemetry"]);
    command.arg("-port").arg(port.to_string()).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    #[ignore = "needs Java and DynamoDB Local: cargo xtask e2e"]
    async fn a_table_is_like_the_templates_and_ends_with_its_server() {
        let server = DynamoDbLocal::start().await;
        let name = server.make_table().await;
        assert_ne!(server.make_table().await, name);
        let described = server.call("DescribeTable", &json!({ "TableName": name })).await;
        let keys = &described["Table"]["KeySchema"];
        assert_eq!(keys[0]["AttributeName"], "pk");
        assert_eq!(keys[1]["AttributeName"], "sk");
        assert_eq!(described["Table"]["GlobalSecondaryIndexes"][0]["IndexName"], "index");
        let lives = server.call("DescribeTimeToLive", &json!({ "TableName": name })).await;
        assert_eq!(lives["TimeToLiveDescription"]["AttributeName"], "expires_at");

        let endpoint = server.endpoint().to_owned();
        drop(server);
        assert!(json_call::call(&endpoint, "ListTables", &json!({})).await.is_err());
    }
}
