//! The port [`Outbound`](crate::ports::Outbound) over HTTP/1.1 and TLS.

mod http_outbound;
mod public_connector;

pub use self::http_outbound::HttpOutbound;
