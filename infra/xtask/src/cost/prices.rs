//! List prices in us-east-1, in dollars per single thing, without free tiers.

/// A WebSocket message of up to 32 KB, in either direction, up to a billion a month. AWS Price List, September 2026.
pub(super) const SOCKET_MESSAGE: f64 = 1.00 / 1e6;
/// A minute of an open socket. AWS Price List, September 2026.
pub(super) const SOCKET_MINUTE: f64 = 0.25 / 1e6;
/// A request to an HTTP API, metered by 512 KB, up to 300 million a month. AWS Price List, September 2026.
pub(super) const HTTP_REQUEST: f64 = 1.00 / 1e6;
/// A call of a function. AWS Price List, September 2026.
pub(super) const LAMBDA_REQUEST: f64 = 0.20 / 1e6;
/// A second of a gigabyte on arm64. AWS Price List, September 2026.
pub(super) const LAMBDA_GB_SECOND: f64 = 0.000_013_333_4;
/// A write of up to 1 KB, on demand. AWS Price List, September 2026.
pub(super) const TABLE_WRITE_UNIT: f64 = 0.625 / 1e6;
/// A consistent read of up to 4 KB, on demand. AWS Price List, September 2026.
pub(super) const TABLE_READ_UNIT: f64 = 0.125 / 1e6;
/// A request to a standard queue, of up to 64 KB. AWS Price List, August 2025.
pub(super) const QUEUE_REQUEST: f64 = 0.40 / 1e6;
/// A call by EventBridge Scheduler beyond the 14 million a month that are free for everybody, which this never is.
pub(super) const SCHEDULE_CALL: f64 = 0.0;
/// One CloudWatch alarm of standard resolution, per month. From memory of the price page, not looked up.
pub(super) const ALARM_MONTH: f64 = 0.10;
/// A byte taken in by CloudWatch Logs, of functions as of API Gateway's access logs, up to 10 TB a month. From memory of the
/// price page, not looked up. What is kept costs $0.03 per GB and month, compressed: next to nothing.
pub(super) const LOG_BYTE: f64 = 0.50 / 1e9;
