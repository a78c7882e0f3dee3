//! Sockets: posts to `@connections`, and groups in the table.

pub(in crate::aws) mod api_gateway_channel_layer;
pub(in crate::aws) mod management_api;
pub(in crate::aws) mod pace;
pub(in crate::aws) mod signed_posts;
