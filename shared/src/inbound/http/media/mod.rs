//! Calls about media.

pub(in crate::inbound::http) mod bounded_multipart;
pub(in crate::inbound::http) mod file_form;
pub(in crate::inbound::http) mod media_get;
pub(in crate::inbound::http) mod media_post;
mod sent_filename;
pub(in crate::inbound::http) mod upload_fields;
pub(in crate::inbound::http) mod uploads;
