//! Lambda's Runtime API, and an AWS in which there is nothing, both as small and quick as they can be.

use std::io::{self, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::http_stub::{Request, answer, read};
use crate::step::Outcome;

const NEXT: &str = "/2018-06-01/runtime/invocation/next";
/// A function that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);
/// A deadline that is not met: 2100, in milliseconds since 1970.
const NEVER: u64 = 4_102_444_800_000;
/// An item that isn't there and a query that finds nothing, in DynamoDB's words.
const NOTHING: &str = r#"{"Count":0,"Items":[],"ScannedCount":0,"Responses":{},"UnprocessedKeys":{}}"#;

/// What a function did.
enum Did {
    Answer,
    Fail(String),
}

/// Starts functions and waits for what they answer.
pub(super) struct RuntimeStub {
    aws: SocketAddr,
}

impl RuntimeStub {
    pub(super) fn start() -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let aws = listener.local_addr()?;
        thread::spawn(move || serve(&listener, nothing_there));
        Ok(Self { aws })
    }

    /// The time from the start of the process until it has answered that event.
    pub(super) fn first_answer(&self, program: &Path, name: &str, event: &'static str) -> Outcome<Duration> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let runtime_api = listener.local_addr()?;
        let (did, done) = mpsc::channel();
        thread::spawn(move || serve(&listener, move |stream| one_event(stream, event, &did)));
        let began = Instant::now();
        let mut process = self.spawn(program, name, runtime_api)?;
        let outcome = done.recv_timeout(PATIENCE);
        let elapsed = began.elapsed();
        process.kill()?;
        process.wait()?;
        match outcome {
            Ok(Did::Answer) => Ok(elapsed),
            Ok(Did::Fail(why)) => Err(why.into()),
            Err(_) => Err("it did not answer".into()),
        }
    }

    fn spawn(&self, program: &Path, name: &str, runtime_api: SocketAddr) -> io::Result<Child> {
        let aws = format!("http://{}", self.aws);
        let mut command = Command::new(program);
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("AWS_LAMBDA_RUNTIME_API", runtime_api.to_string());
        command.envs([("AWS_LAMBDA_FUNCTION_NAME", name), ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")]);
        command.envs([("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"), ("AWS_REGION", "us-east-1")]);
        command.envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")]);
        command.envs([("TABLE_NAME", "none"), ("BUCKET_NAME", "none"), ("ALLOWED_ORIGINS", "")]);
        command.envs([
            ("HEARTBEAT_SECONDS", "10"),
            ("HOST_GRACE_SECONDS", "30"),
            ("POSTS_PER_SECOND", "6000"),
            ("DELIVER_CONCURRENCY", "10"),
        ]);
        command.envs([("EDGE_SECRET", ""), ("MAIL_FROM", "")]);
        for url in ["AWS_ENDPOINT_URL", "QUEUE_URL", "CALLBACK_URL", "PUBLIC_URL"] {
            command.env(url, &aws);
        }
        command.spawn()
    }
}

/// A thread for each connection, for as long as this program runs.
fn serve(listener: &TcpListener, handle: impl Fn(TcpStream) -> io::Result<()> + Clone + Send + 'static) {
    for stream in listener.incoming().flatten() {
        let handle = handle.clone();
        thread::spawn(move || {
            // A client that is killed breaks off: what counts has been said before.
            let _ = stream.set_nodelay(true).and_then(|()| handle(stream));
        });
    }
}

fn nothing_there(mut stream: TcpStream) -> io::Result<()> {
    let mut requests = BufReader::new(stream.try_clone()?);
    while read(&mut requests)?.is_some() {
        answer(&mut stream, "200 OK", "Content-Type: application/x-amz-json-1.0\r\n", NOTHING)?;
    }
    Ok(())
}

/// Hands out one event, and tells what comes back. Whoever asks for another waits until it is killed.
fn one_event(mut stream: TcpStream, event: &str, did: &Sender<Did>) -> io::Result<()> {
    let mut requests = BufReader::new(stream.try_clone()?);
    let mut is_handed_out = false;
    while let Some(request) = read(&mut requests)? {
        if request.path != NEXT {
            answer(&mut stream, "202 Accepted", "", "{}")?;
            // Nobody listens any more once the first answer has come.
            let _ = did.send(Did::of(&request));
        } else if !is_handed_out {
            answer(&mut stream, "200 OK", &invocation(), event)?;
            is_handed_out = true;
        }
    }
    Ok(())
}

impl Did {
    fn of(request: &Request) -> Self {
        if request.path.ends_with("/response") {
            Self::Answer
        } else {
            Self::Fail(String::from_utf8_lossy(&request.body).into_owned())
        }
    }
}

fn invocation() -> String {
    format!(
        "Content-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
         Lambda-Runtime-Deadline-Ms: {NEVER}\r\n\
         Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:f\r\n\
         Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700\r\n"
    )
}
