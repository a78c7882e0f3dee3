//! Events of buckets, for an S3 server that has none: a proxy that passes everything on and sees what is made.
//!
//! In reading order: [`S3Proxy`] passes requests on; `object_request` says which of them make objects, `creation` watches
//! those; [`ObjectEvents`] tells the functions. Path-style addresses and virtual hosts under `localhost` are
//! understood. Where it differs from S3: `size` is missing of copies, and of uploads that were copied in part, since the
//! proxy never sees those bytes; `eTag` is missing if the server's answer names none, as some servers' answers to forms
//! don't; only events of creation are sent, and no test event.

mod created_object;
mod object_creation;
mod object_event;
mod object_events;
mod object_request;
mod s3_proxy;
mod tapped_body;
mod upload_form;
mod upload_sizes;

pub use self::object_events::{ObjectEvents, ReleaseOrder};
pub use self::s3_proxy::{BadUpstream, S3Proxy};
