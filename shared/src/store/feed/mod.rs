//! Leases on dropped texts, and the plan of heartbeats.

pub(in crate::store) mod drops;
pub(in crate::store) mod heartbeat_plan;

pub use drops::{DropClaim, DropLease, Drops};
pub use heartbeat_plan::{HeartbeatPlan, PlannerLease};
