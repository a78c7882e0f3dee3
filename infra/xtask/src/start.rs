//! `cargo xtask start`: how large the functions' binaries are, and how soon after its start each one has answered.

mod events;
mod http_stub;
mod runtime_stub;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::step::{self, Outcome, announce, cargo, root, target};
use runtime_stub::RuntimeStub;

/// How often each one is started. The slowest of the quickest quarter counts: what else runs on the machine can only delay.
const ROUNDS: usize = 61;
/// The limit of a binary's start beside that of a function which does nothing.
const MOST_RATIO: f64 = 3.0;
/// The limit of a binary's size, in bytes, and those of the functions that carry more, with what they carry.
const MOST_BYTES: u64 = 8_000_000;
const LARGER: [(&str, u64, &str); 4] = [
    ("api", 12_500_000, "lists of leaked passwords, regular expressions to tell weak ones, OpenID Connect"),
    ("broadcast", 9_000_000, "S3's SDK"),
    ("download", 9_500_000, "S3's SDK, axum"),
    (
        "upload",
        13_500_000,
        "S3's SDK, multipart forms, and the lists of passwords, since it registers people",
    ),
];

/// A binary and the times it took.
struct Candidate {
    name: String,
    path: PathBuf,
    event: &'static str,
    times: Vec<Duration>,
}

/// Builds all of them optimised, as they are deployed, and starts them in turn.
pub(crate) fn run() -> Outcome {
    build()?;
    let mut hello = Candidate::new("hello", release().join("examples/hello"), "{}");
    let mut functions: Vec<_> = names()?
        .into_iter()
        .map(|name| events::of(&name).map(|event| Candidate::new(&name, release().join(&name), event)))
        .collect::<Outcome<_>>()?;
    let stub = RuntimeStub::start()?;
    for _ in 0..ROUNDS {
        hello.start(&stub)?;
        for function in &mut functions {
            function.start(&stub)?;
        }
    }
    report(&mut hello, &mut functions)
}

/// Examples need dev-dependencies, whose features cargo would give to whatever is built along with them: so the
/// functions are built by themselves, as they are for deployment.
fn build() -> Outcome {
    let mut functions = cargo();
    functions.args(["build", "--release", "--bins"]);
    for name in names()? {
        functions.args(["--package", &name]);
    }
    step::run("optimised functions", &mut functions)?;
    let mut hello = cargo();
    hello.args(["build", "--release", "--package", "xtask", "--example", "hello"]);
    step::run("an empty one", &mut hello)
}

fn release() -> PathBuf {
    target().join("release")
}

/// The folders of `functions/`.
fn names() -> Outcome<Vec<String>> {
    let mut names = fs::read_dir(root().join("functions"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Outcome<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

impl Candidate {
    fn new(name: &str, path: PathBuf, event: &'static str) -> Self {
        Self { name: name.to_owned(), path, event, times: Vec::new() }
    }

    fn start(&mut self, stub: &RuntimeStub) -> Outcome {
        let answered = stub.first_answer(&self.path, &self.name, self.event);
        self.times.push(answered.map_err(|error| format!("{}: {error}", self.name))?);
        Ok(())
    }

    fn typical(&mut self) -> Duration {
        self.times.sort();
        self.times.get(self.times.len() / 4).copied().unwrap_or_default()
    }
}

fn report(hello: &mut Candidate, functions: &mut [Candidate]) -> Outcome {
    announce(&format!(
        "from the start of a process to its first answer, quickest quarter of {ROUNDS} rounds in turn"
    ));
    let least = hello.typical();
    line("hello", size(&hello.path)?, least, 1.0, "");
    let mut missed = Vec::new();
    for function in functions {
        let (bytes, time) = (size(&function.path)?, function.typical());
        let ratio = time.as_secs_f64() / least.as_secs_f64();
        let (most, why) = most_bytes(&function.name);
        line(&function.name, bytes, time, ratio, why);
        if ratio > MOST_RATIO {
            missed.push(format!("{} starts {ratio:.1} times as long as hello", function.name));
        }
        if bytes > most {
            missed.push(format!("{} has {bytes} bytes, {most} at most", function.name));
        }
    }
    println!("limits: {:.1} MB unless it says why, {MOST_RATIO:.1} times hello", MOST_BYTES as f64 / 1e6);
    if missed.is_empty() { Ok(()) } else { Err(missed.join("; ").into()) }
}

/// How large that function may be, and what makes it larger than others.
fn most_bytes(function: &str) -> (u64, &'static str) {
    let larger = LARGER.iter().find(|(name, ..)| *name == function);
    larger.map_or((MOST_BYTES, ""), |(_, most, why)| (*most, *why))
}

fn line(name: &str, bytes: u64, time: Duration, ratio: f64, why: &str) {
    let megabytes = bytes as f64 / 1e6;
    println!("{name:<12} {megabytes:>5.2} MB {:>6.2} ms {ratio:>5.2} ×  {why}", time.as_secs_f64() * 1e3);
}

fn size(path: &Path) -> Outcome<u64> {
    Ok(fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?.len())
}
