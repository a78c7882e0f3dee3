//! What every request passes on its way in and out: origins, limits, and a name in the log.

pub(in crate::inbound::http) mod cross_origin;
pub(in crate::inbound::http) mod other_functions;
pub(in crate::inbound::http) mod rate_limit;
pub(in crate::inbound::http) mod request_id;
