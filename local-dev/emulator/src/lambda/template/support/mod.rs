//! What becomes here of everything that a template can say: whether it is honoured, makes no difference, or is not emulated.
//!
//! There is one table for each type of resource that is read, and one list of the types that are not (`unserved`). What is
//! not emulated, and what no table knows, is said at start with its place: nothing that a person wrote goes unnoticed.
//! A test reads a template that uses everything, and holds the tables to what the readers have asked for.

mod api_gateway;
mod check;
mod events;
mod functions;
mod serverless_apis;
mod stores;
mod table;
mod unserved;

#[cfg(test)]
mod tests;

pub(super) use self::check::check;
use self::table::Table;

/// The tables of resources, of those of plain APIs that of HTTP APIs.
const TABLES: [&Table; 16] = [
    &functions::SERVERLESS,
    &functions::PLAIN,
    &functions::ALIAS,
    &functions::VERSION,
    &functions::MAPPING,
    &serverless_apis::HTTP,
    &serverless_apis::SOCKETS,
    &api_gateway::API,
    &api_gateway::HTTP_ROUTE,
    &api_gateway::INTEGRATION,
    &api_gateway::STAGE,
    &api_gateway::HTTP_AUTHORIZER,
    &api_gateway::ROUTE_RESPONSE,
    &api_gateway::DEPLOYMENT,
    &stores::QUEUE,
    &stores::BUCKET,
];
/// The tables of what differs where an API is one of sockets.
const OF_SOCKETS: [&Table; 2] = [&api_gateway::SOCKET_ROUTE, &api_gateway::SOCKET_AUTHORIZER];
/// The tables of what calls a function, by the event's type.
const EVENTS: [&Table; 5] =
    [&events::HTTP_API, &events::SQS, &events::S3, &events::SCHEDULE, &events::SCHEDULE_V2];

/// The table of a type of resources.
fn table(kind: &str, is_of_sockets: bool) -> Option<&'static Table> {
    let own = OF_SOCKETS.into_iter().filter(|_| is_of_sockets);
    own.chain(TABLES).find(|table| table.kind == kind)
}

/// The table of a type of events.
fn event_table(kind: &str) -> Option<&'static Table> {
    EVENTS.into_iter().find(|table| table.kind == kind)
}
