//! What comes in, turned into use cases and answers: the same lines in a Lambda function and in `local-dev`.

mod cookies;
mod credentials;
pub mod edge;
pub mod gateway_event;
pub mod http;
pub mod object_event;
pub mod queue;
pub mod schedule;
mod socket_path;
pub mod upload_event;
pub mod websocket;
