//! A server that answers each connection with the next text of a script, and keeps what it was asked.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The server, on a free port of this machine. It ends with its test.
pub(super) struct ScriptedServer {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl ScriptedServer {
    /// Answers so many connections. In an answer, `{port}` stands for the server's own port.
    pub(super) async fn start(script: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = asked.clone();
        tokio::spawn(async move {
            for answer in script {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = request(&mut stream).await;
                heard.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                // Whoever has read enough goes.
                let _ = stream.write_all(answer.replace("{port}", &port.to_string()).as_bytes()).await;
            }
            std::future::pending::<()>().await;
        });
        Self { port, asked }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The head of a request, and as much of its body as came with it.
async fn request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    while !read.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(length > 0, "the request breaks off");
        read.extend_from_slice(&buffer[..length]);
    }
    String::from_utf8(read).unwrap()
}
