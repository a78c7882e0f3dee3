//! `local-dev --functions` as a program.

#![cfg(unix)]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

const TEMPLATE: &str = "
Resources:
  SampleFunction:
    Type: AWS::Serverless::Function
    Properties: { Events: { All: { Type: HttpApi } } }
";

const SPELLED: &str = "
Resources:
  SampleFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        All: { Type: HttpApi }
        Root: { Type: HttpApi, Properties: { Method: GET, Path: / } }
";

/// local-dev in front of one function. Killed when dropped.
struct Program {
    child: Child,
    url: String,
    _folder: TempDir,
}

impl Program {
    fn start() -> Self {
        Self::with_template(TEMPLATE)
    }

    fn with_template(source: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(sample_function::binary(), folder.path().join("sample-function")).unwrap();
        let template = folder.path().join("template.yaml");
        std::fs::write(&template, source).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_local-dev"));
        command.args(["--port", "0", "--feed-port", "0", "--functions"]).arg(folder.path());
        command.arg("--template").arg(template).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let line = lines.find(|line| line.contains("HTTP API")).expect("it says where the HTTP API is");
        let url = line.split_whitespace().last().unwrap().to_owned();
        Self { child, url, _folder: folder }
    }

    /// The type of what is answered.
    async fn content_type(&self, path: &str) -> String {
        let response = reqwest::get(format!("{}{path}", self.url)).await.unwrap();
        response.headers()["content-type"].to_str().unwrap().to_owned()
    }

    /// The process that answers a request.
    async fn pid(&self) -> u64 {
        let answer: Value = reqwest::get(format!("{}any", self.url)).await.unwrap().json().await.unwrap();
        answer["pid"].as_u64().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_alive(pid: u64) -> bool {
    let asked = Command::new("kill").args(["-0", &pid.to_string()]).stderr(Stdio::null()).status();
    asked.unwrap().success()
}

async fn ends(pid: u64) {
    let ended = async {
        while is_alive(pid) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), ended).await.expect("the function should have ended");
}

#[tokio::test]
async fn functions_end_with_the_program() {
    let mut program = Program::start();
    let pid = program.pid().await;
    assert!(is_alive(pid));
    assert!(Command::new("kill").arg(program.child.id().to_string()).status().unwrap().success());
    assert!(program.child.wait().unwrap().success());
    ends(pid).await;
}

#[tokio::test]
async fn functions_end_when_the_program_is_killed_outright() {
    let mut program = Program::start();
    let pid = program.pid().await;
    program.child.kill().unwrap();
    program.child.wait().unwrap();
    ends(pid).await;
}

#[tokio::test]
async fn our_page_is_served_where_no_route_is_spelled_out() {
    let spelled = Program::with_template(SPELLED);
    assert_eq!(spelled.content_type("").await, "application/json");
    assert_eq!(spelled.content_type("app.js").await, "text/javascript; charset=utf-8");
    assert_eq!(spelled.content_type("no-such-file.js").await, "application/json");
    let caught = Program::start();
    assert_eq!(caught.content_type("").await, "text/html; charset=utf-8");
}
