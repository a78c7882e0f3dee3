//! Connections to addresses that may be called.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tower::Service;

use crate::domain::outbound::{Host, NotAllowed, Reach};
use crate::ports::Cause;

/// Connects to the address that it has checked itself: a name that is resolved once more may lead elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublicConnector {
    pub(super) reach: Reach,
}

impl Service<Uri> for PublicConnector {
    type Response = TokioIo<TcpStream>;
    type Error = Cause;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Cause>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Cause>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(connect(uri, self.reach))
    }
}

async fn connect(uri: Uri, reach: Reach) -> Result<TokioIo<TcpStream>, Cause> {
    let host: Host = uri.host().unwrap_or_default().parse()?;
    let is_encrypted = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
    let found: Vec<SocketAddr> = match &host {
        Host::Address(address) => vec![SocketAddr::new(*address, port)],
        Host::Name(name) => lookup_host((name.as_str(), port)).await?.collect(),
    };
    let admitted = found.into_iter().filter(|address| reach.admits(address.ip()));
    let mut failure: Cause = NotAllowed::NotPublic.into();
    for address in admitted {
        match open(address).await {
            Ok(stream) => return Ok(TokioIo::new(stream)),
            Err(error) => failure = error.into(),
        }
    }
    Err(failure)
}

async fn open(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
