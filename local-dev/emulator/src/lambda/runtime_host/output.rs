//! What functions print: lines of our log.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};

/// Longer lines are cut into pieces.
const MAX_LINE: u64 = 64 * 1024;

/// Logs each line of a stream until its end.
pub(super) async fn log_lines(function: Arc<str>, stream: impl AsyncRead + Unpin) {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut stream).take(MAX_LINE).read_until(b'\n', &mut line).await {
            Ok(1..) => {
                let text = String::from_utf8_lossy(&line);
                tracing::info!(function = &*function, "{}", text.trim_end());
            }
            // The process is gone.
            Ok(0) | Err(_) => return,
        }
    }
}
