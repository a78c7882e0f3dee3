//! `local-dev --functions` as a program.

#![cfg(unix)]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs::Permissions;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
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

/// local-dev in front of one function. Killed when dropped.
struct Program {
    child: Child,
    url: String,
    folder: TempDir,
}

/// A folder with a template, and the function's binary where it is wanted.
fn folder(template: &str, binary: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let binary = folder.path().join(binary);
    std::fs::create_dir_all(binary.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(sample_function::binary(), binary).unwrap();
    std::fs::write(folder.path().join("template.yaml"), template).unwrap();
    folder
}

/// local-dev on the template of a folder, with the binaries in it or below it.
fn command(folder: &TempDir, binaries: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-dev"));
    command.args(["--port", "0", "--feed-port", "0", "--functions"]).arg(folder.path().join(binaries));
    command.arg("--template").arg(folder.path().join("template.yaml"));
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

impl Program {
    fn start() -> Self {
        Self::with_template(TEMPLATE)
    }

    fn with_template(source: &str) -> Self {
        Self::of(folder(source, "sample-function"), "", &[])
    }

    fn of(folder: TempDir, binaries: &str, options: &[&str]) -> Self {
        let mut child = command(&folder, binaries).args(options).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let line = lines.find(|line| line.contains(" API ")).expect("it says where the API is");
        let url = line.split_whitespace().last().unwrap().to_owned();
        Self { child, url, folder }
    }

    /// The status and the type of what is answered.
    async fn answer(&self, path: &str) -> (u16, String) {
        let response = reqwest::get(format!("{}{path}", self.url)).await.unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        (response.status().as_u16(), kind)
    }

    /// The process that answers a request.
    async fn pid(&self) -> u64 {
        let answer: Value = reqwest::get(format!("{}any", self.url)).await.unwrap().json().await.unwrap();
        answer["pid"].as_u64().unwrap()
    }
}

/// What local-dev says when it can't start.
fn refusal(folder: &TempDir) -> String {
    let output = command(folder, "").stderr(Stdio::piped()).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
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

fn json() -> (u16, String) {
    (200, "application/json".to_owned())
}

#[tokio::test]
async fn a_default_route_takes_every_path_and_no_page_of_ours() {
    let program = Program::start();
    for path in ["", "index.html", "app.js", "style.css", "docs/"] {
        assert_eq!(program.answer(path).await, json(), "{path}");
    }
}

#[tokio::test]
async fn a_route_of_all_paths_does_not_take_the_root() {
    let program =
        Program::with_template(&TEMPLATE.replace(
            "{ Type: HttpApi }",
            "{ Type: HttpApi, Properties: { Path: '/{proxy+}', Method: GET } }",
        ));
    assert_eq!(program.answer("index.html").await, json());
    let nowhere = reqwest::get(&program.url).await.unwrap();
    assert_eq!(
        (nowhere.status().as_u16(), &*nowhere.text().await.unwrap()),
        (404, r#"{"message":"Not Found"}"#)
    );
}

#[tokio::test]
async fn our_pages_stand_before_the_functions_where_they_are_asked_for() {
    let program = Program::of(folder(TEMPLATE, "sample-function"), "", &["--edge"]);
    assert_eq!(program.answer("").await, (200, "text/html; charset=utf-8".to_owned()));
    assert_eq!(program.answer("parlor.js").await, (200, "text/javascript; charset=utf-8".to_owned()));
    assert_eq!(program.answer("no-such-file.js").await, json());
}

#[tokio::test]
async fn a_binary_is_found_by_the_functions_own_name_or_the_folder_of_its_code() {
    let named = TEMPLATE.replace("Events:", "FunctionName: my-api, Events:");
    let coded = TEMPLATE.replace("Events:", "CodeUri: target/lambda/get-products/, Events:");
    let table = [
        (&named, "out/my-api/bootstrap", "out"),
        (&coded, "out/get-products/bootstrap", "out"),
        (&coded, "target/lambda/get-products/bootstrap", ""),
    ];
    for (template, binary, binaries) in table {
        let program = Program::of(folder(template, binary), binaries, &[]);
        assert_eq!(program.answer("any").await, json(), "{binary}");
    }
}

#[test]
fn a_binary_that_is_not_found_is_told_with_all_names_that_it_was_looked_for_by() {
    let coded = TEMPLATE.replace("Events:", "FunctionName: my-api, CodeUri: code/get/, Events:");
    let said = refusal(&folder(&coded, "elsewhere/bootstrap"));
    for name in
        ["my-api", "SampleFunction", "sample-function", "sample_function", "get", "code/get/bootstrap"]
    {
        assert!(said.contains(name), "{name}: {said}");
    }
}

#[test]
fn a_runtime_that_is_not_run_here_is_told_with_what_runs_it() {
    let node = TEMPLATE.replace("Events:", "Runtime: nodejs22.x, Handler: app.handler, Events:");
    let said = refusal(&folder(&node, "elsewhere/bootstrap"));
    for words in ["SampleFunction", "nodejs22.x", "--lambda URL", "sam local start-lambda"] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

const SOCKETS: &str = "
Resources:
  SampleFunction: { Type: AWS::Serverless::Function }
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      StageName: STAGE
      RouteSelectionExpression: $request.body.action
      Routes: { $connect: { FunctionArn: !GetAtt SampleFunction.Arn } }
";

/// The status of a handshake.
async fn handshake(url: &str) -> u16 {
    match tokio_tungstenite::connect_async(url).await {
        Ok((_, response)) => response.status().as_u16(),
        Err(tokio_tungstenite::tungstenite::Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn sockets_are_reached_at_their_stage_and_nowhere_else() {
    for stage in ["prod", "$default"] {
        let program = Program::with_template(&SOCKETS.replace("STAGE", stage));
        assert!(program.url.ends_with(&format!("/{stage}")), "{}", program.url);
        // The function answers with its own words, which are no answer to a handshake.
        assert_eq!(handshake(&program.url).await, 502, "{stage}");
        let base = program.url.strip_suffix(stage).unwrap();
        for path in ["", "nostage", "ws/feed/", &format!("{stage}/more")] {
            assert_eq!(handshake(&format!("{base}{path}")).await, 403, "{path}");
        }
    }
}

#[test]
fn mails_that_lie_there_for_all_to_read_are_closed_to_others() {
    let folder = folder(TEMPLATE, "sample-function");
    let mails = folder.path().join("store/mail");
    std::fs::create_dir_all(&mails).unwrap();
    let mail = mails.join("1.eml");
    std::fs::write(&mail, "a link").unwrap();
    for (path, mode) in [(&mails, 0o755), (&mail, 0o644)] {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    let store = folder.path().join("store");
    let program = Program::of(folder, "", &["--store", store.to_str().unwrap()]);
    let mode = |path: &str| program.folder.path().join(path).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!([mode("store"), mode("store/mail"), mode("store/mail/1.eml")], [0o700, 0o700, 0o600]);
}
