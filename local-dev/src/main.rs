//! Parlor on a laptop.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use emulator::listener::raise_open_file_limit;
use emulator::runtime;
use local_dev::{Command, Options, Server, banner, command, telemetry};
use mimalloc::MiMalloc;
use tokio::signal::ctrl_c;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let options = Options::of_this_process();
    let ran = match &options.command {
        None => run(&options),
        Some(command) => instead(command, &options),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "local-dev: {}", whole(&*error));
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    telemetry::start(&options.logging)?;
    raise_open_file_limit();
    runtime()?.block_on(async {
        let terminated = terminated()?;
        let server = Server::start(options).await?;
        // Nobody may be reading: that is no reason to stop.
        let _ = std::io::stdout().write_all(banner(&server, &options.storage.store).as_bytes());
        tokio::select! {
            interrupted = ctrl_c() => interrupted?,
            () = terminated => {}
        }
        tracing::info!("ending");
        server.stop().await;
        Ok(())
    })
}

/// Does what was asked for instead of serving, and says how it went.
fn instead(asked: &Command, options: &Options) -> Result<(), Box<dyn Error>> {
    telemetry::start(&options.logging)?;
    let said = runtime()?.block_on(command::run(asked, &options.storage.store))?;
    // It is done, whether or not anybody reads of it.
    let _ = std::io::stdout().write_all(said.as_bytes());
    Ok(())
}

/// An error with all that led to it, `a: b: c`. Some errors repeat their cause's text.
fn whole(error: &dyn Error) -> String {
    let mut text = error.to_string();
    for cause in std::iter::successors(error.source(), |&cause| cause.source()) {
        let cause = cause.to_string();
        if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// Resolves when the process is asked to end by SIGTERM.
#[cfg(unix)]
fn terminated() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut asked = signal(SignalKind::terminate())?;
    Ok(async move { asked.recv().await.unwrap_or_default() })
}

/// There is no SIGTERM here: Ctrl-C is the way.
#[cfg(not(unix))]
fn terminated() -> std::io::Result<impl Future<Output = ()>> {
    Ok(std::future::pending())
}
