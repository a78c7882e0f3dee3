//! What a function does once when it starts: environment, SDK, log, and the adapters that it needs.

pub(in crate::aws) mod boot;
pub(in crate::aws) mod environment;
pub(in crate::aws) mod peer;
pub(in crate::aws) mod sdk_config;
pub(in crate::aws) mod telemetry;
pub(in crate::aws) mod warm_up;
