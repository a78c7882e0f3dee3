//! Where connections come in.

mod accept;
mod one_host;
mod peer_stream;
mod places;
mod sent_head;
mod timed_body;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use self::peer_stream::PeerStream;
pub use self::places::Places;
pub use self::sent_head::SentHead;
pub use self::timed_body::BodyPace;

/// The host name that means both loopback addresses.
const LOCALHOST: &str = "localhost";

/// The addresses of one port, bound.
#[derive(Debug)]
pub struct Listener {
    sockets: Vec<TcpListener>,
    port: u16,
}

/// What the HTTP server puts up with.
#[derive(Debug, Clone)]
pub struct ServerLimits {
    /// Places for connections; where all are taken, further ones wait to be accepted.
    pub places: Places,
    /// The most bytes of a request line and headers together.
    pub header_bytes: usize,
    /// How long headers may take to come in.
    pub header_timeout: Duration,
    /// How slowly bodies may come.
    pub body_pace: BodyPace,
    /// How long a client may take nothing of an answer.
    pub answer_timeout: Duration,
    /// How long requests may still take once the server stops.
    pub grace: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            places: Places::of_this_process(),
            header_bytes: 32 * 1024,
            header_timeout: Duration::from_secs(30),
            body_pace: BodyPace::default(),
            answer_timeout: Duration::from_secs(60),
            grace: Duration::from_secs(5),
        }
    }
}

/// Where a request comes from: an extension of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub SocketAddr);

/// A port could not be listened on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Somebody else listens there.
    #[error("port {port} is in use: stop what listens there, or choose another port")]
    InUse {
        /// Which one.
        port: u16,
    },
    /// The host is neither `localhost` nor an address.
    #[error("`{host}` is not `localhost`, nor an IP address")]
    NotAnAddress {
        /// What was given.
        host: String,
    },
    /// This machine has no such address.
    #[error("{host} is no address of this machine")]
    NotOurs {
        /// What was given.
        host: IpAddr,
    },
    /// Anything else.
    #[error("cannot listen on {address}")]
    Io {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Listener {
    /// Listens on a port: for `localhost` on 127.0.0.1 and ::1 alike, else on that one address. Port 0 is any free
    /// one, the same on both.
    pub async fn bind(host: &str, port: u16) -> Result<Self, BindError> {
        if !host.eq_ignore_ascii_case(LOCALHOST) {
            let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
            let address = bare.parse().map_err(|_| BindError::NotAnAddress { host: host.to_owned() })?;
            return Ok(Self::of(vec![bind(address, port).await?]));
        }
        let v4 = Self::of(vec![bind(Ipv4Addr::LOCALHOST.into(), port).await?]);
        v4.with_v6().await
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The host for URLs: the address that is listened on, in brackets where it needs them, or `localhost` where that
    /// reaches it.
    pub fn host(&self) -> String {
        self.addresses().first().map_or(LOCALHOST.to_owned(), |address| url_host(address.ip()))
    }

    /// What is listened on.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.sockets.iter().filter_map(|socket| socket.local_addr().ok()).collect()
    }

    /// Serves until told to stop, then lets the requests under way finish. Each request carries its
    /// [`PeerAddress`] as an extension.
    pub async fn serve(self, router: Router, limits: ServerLimits, stop: CancellationToken) {
        accept::serve(self.sockets, router.layer(from_fn(one_host::one_host)), limits, stop).await;
    }

    async fn with_v6(mut self) -> Result<Self, BindError> {
        match bind(Ipv6Addr::LOCALHOST.into(), self.port).await {
            Ok(socket) => self.sockets.push(socket),
            Err(error @ BindError::InUse { .. }) => return Err(error),
            Err(error) => tracing::info!(%error, "this machine has no IPv6; listening on 127.0.0.1 alone"),
        }
        Ok(self)
    }

    fn of(sockets: Vec<TcpListener>) -> Self {
        let address = sockets.first().and_then(|socket| socket.local_addr().ok());
        Self { sockets, port: address.map_or(0, |address| address.port()) }
    }
}

/// Lets this process have as many files open as the system allows it.
pub fn raise_open_file_limit() {
    match rlimit::increase_nofile_limit(rlimit::INFINITY) {
        Ok(limit) => tracing::debug!(limit, "open files"),
        Err(error) => tracing::warn!(%error, "the limit of open files stays as it was"),
    }
}

async fn bind(host: IpAddr, port: u16) -> Result<TcpListener, BindError> {
    let address = SocketAddr::new(host, port);
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse { port },
        io::ErrorKind::AddrNotAvailable => BindError::NotOurs { host },
        _ => BindError::Io { address, source },
    })
}

fn url_host(address: IpAddr) -> String {
    match address {
        address if address.is_unspecified() => LOCALHOST.to_owned(),
        IpAddr::V4(Ipv4Addr::LOCALHOST) | IpAddr::V6(Ipv6Addr::LOCALHOST) => LOCALHOST.to_owned(),
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_the_address_unless_localhost_reaches_it() {
        let table = [
            ("0.0.0.0", "localhost"),
            ("::", "localhost"),
            ("127.0.0.1", "localhost"),
            ("::1", "localhost"),
            ("127.0.0.2", "127.0.0.2"),
            ("192.168.1.5", "192.168.1.5"),
            ("fd00::5", "[fd00::5]"),
        ];
        for (address, host) in table {
            assert_eq!(url_host(address.parse().unwrap()), host);
        }
    }
}
