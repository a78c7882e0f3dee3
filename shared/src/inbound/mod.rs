//! What comes in, turned into use cases and answers: the same lines in a Lambda function and in `local-dev`.

pub mod gateway_event;
pub mod object_event;
