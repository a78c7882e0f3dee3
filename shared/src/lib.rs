//! What the Lambda functions and `local-dev` have in common: the whole of Parlor but for its entry points.
//!
//! In reading order:
//!
//! * [`ids`]: identifiers, parsed once and trusted afterwards.
//! * [`mutants`]: bugs that only the simulation plants.
//! * `openapi_macros`: how bodies and handlers describe themselves.
//! * [`protocol`]: what crosses the wire. Knows nobody.
//! * [`domain`]: decisions, as plain functions of state and time. No I/O.
//! * [`ports`]: every seam, in one file.
//! * [`store`]: typed items over the [`ports::Table`] port; the only place where a key is spelled.
//! * [`app`]: use cases, one file each.
//! * [`inbound`]: gateway events, HTTP requests and object events, turned into use cases and answers.
//! * `aws` (feature `aws`): the ports on DynamoDB, S3, API Gateway and SQS.
//! * `embedded` (feature `embedded`): the ports in one process.
//! * `oidc` (feature `oidc`): Google and Facebook, by OpenID Connect.
//! * `outbound` (feature `outbound`): calls of other people's machines.
//! * `system` (with either of them): the machine's clock and randomness.
//! * `testing` (feature `testing`): contract suites, a settable clock, faulty ports.

#[macro_use]
pub mod mutants;

pub mod app;
pub mod domain;
pub mod ids;
pub mod inbound;
mod openapi_macros;
pub mod ports;
pub mod protocol;
pub mod store;

#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "embedded")]
pub mod embedded;
#[cfg(feature = "oidc")]
pub mod oidc;
#[cfg(feature = "outbound")]
pub mod outbound;
#[cfg(any(feature = "aws", feature = "embedded"))]
pub mod system;
#[cfg(feature = "testing")]
pub mod testing;
