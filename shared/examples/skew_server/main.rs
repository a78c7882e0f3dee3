//! The server of `cargo xtask skew`: the application on ports in memory, whose time is told by whoever drives it.
//!
//! It reads a line of JSON for each thing that happens, and answers each with a line: which frames went to which sockets, and
//! when it wants to be called again. Nothing happens in between, so that a run can be repeated.

mod diary;
mod outgoing;
mod theatre;

use std::error::Error;
use std::io::{self, BufRead as _, Write as _};

use parlor::protocol::Timestamp;
use serde::{Deserialize, Serialize};

use crate::theatre::Theatre;

type Failure = Box<dyn Error>;

/// Something that happens.
#[derive(Deserialize)]
struct Happening {
    /// When, in microseconds since 1970.
    at: i64,
    /// Whose socket it happens on; none: only time passes.
    socket: Option<String>,
    /// What the socket says; none: it is opened.
    text: Option<String>,
}

/// What comes of it.
#[derive(Serialize)]
struct Outcome {
    frames: Vec<outgoing::Sent>,
    /// When something is due next, in microseconds since 1970.
    next: Option<i64>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let mut lines = io::stdin().lock().lines();
    let seed = lines.next().ok_or("the first line is the seed")??.parse()?;
    let mut theatre: Option<Theatre> = None;
    for line in lines {
        let happening: Happening = serde_json::from_str(&line?)?;
        let at = Timestamp::from_micros(happening.at);
        let theatre = match &mut theatre {
            Some(theatre) => theatre,
            none => none.insert(Theatre::open(seed, at).await?),
        };
        theatre.pass_time(at).await?;
        match (happening.socket, happening.text) {
            (Some(socket), Some(text)) => theatre.hear(&socket, text).await?,
            (Some(socket), None) => theatre.seat(&socket).await?,
            (None, _) => {}
        }
        theatre.pass_time(at).await?;
        let outcome = Outcome { frames: theatre.sent(), next: theatre.next().map(Timestamp::as_micros) };
        let mut answer = serde_json::to_vec(&outcome)?;
        answer.push(b'\n');
        io::stdout().lock().write_all(&answer)?;
    }
    Ok(())
}
