//! `cargo xtask cost`: what deliveries cost, and what a deployment costs that nobody uses.

mod prices;
mod request_counts;
mod rooms;

use crate::step::Outcome;
use prices::*;
use request_counts::{Counts, RequestCounts};

/// How far a million deliveries to groups of a hundred may lie above API Gateway's own price of them.
const MOST_OVER_GATEWAY: f64 = 1.05;

/// What the functions are given, and how long they were assumed to take: not measured on AWS yet.
const MEMORY_GB: f64 = 0.5;
const HEARTBEAT_MEMORY_GB: f64 = 0.25;
const API_MEMORY_GB: f64 = 1.0;
const SECONDS_PER_MESSAGE: f64 = 0.015;
const SECONDS_PER_50_POSTS: f64 = 0.020;
const SECONDS_PER_MINUTE_VISIT: f64 = 0.010;

const MILLION: f64 = 1e6;
/// Minutes of 30 days.
const MINUTES: f64 = 43_200.0;
/// By default; they are planned by the minute.
const BEATS_PER_MINUTE: f64 = 6.0;
/// Empty polls of the queue that Lambda makes in a month, whoever uses it: five pollers that wait for 20 s each.
const IDLE_POLLS: f64 = 650_000.0;

/// The sizes of groups that the table of deliveries shows.
const GROUPS: [u64; 6] = [1, 10, 100, 1000, 10_000, 100_000];
/// How much dearer a delivery to one of the large groups, from a hundred on, may be than to another one.
const MOST_GROWTH: f64 = 1.10;

/// Where the money for a message goes, in dollars.
struct Share {
    gateway: f64,
    lambda: f64,
    table: f64,
    queue: f64,
}

impl Share {
    fn total(&self) -> f64 {
        self.gateway + self.lambda + self.table + self.queue
    }
}

/// Prints all tables; fails if delivering has become too dear.
pub(crate) fn run() -> Outcome {
    println!(
        "A million frames delivered, each up to 32 KB, in dollars; the message that comes in is counted, too.\n"
    );
    println!("| sockets per message | API Gateway | Lambda | DynamoDB | SQS | total |");
    println!("|---|---|---|---|---|---|");
    let counts = RequestCounts::load()?;
    for sockets in GROUPS {
        print_row(sockets, &to(sockets, &counts)?);
    }
    let rooms = rooms::run(&counts);
    print_bill("A deployment that nobody uses, 30 days, in dollars, without free tiers", &idle(&counts)?);
    print_bill("One socket on the feed, day and night, besides that", &listener(&counts)?);
    print_bill(
        "A million requests to the HTTP API that verify a token and read one item",
        &requests(&counts)?,
    );
    print_bill("A million handshakes and messages with SocketAccessLogs=on, besides", &socket_log(&counts)?);
    hundreds_are_cheap(&counts)?;
    growth_is_flat(&counts)?;
    rooms
}

/// A message to a group of that size.
fn to(sockets: u64, counts: &RequestCounts) -> Outcome<Counts> {
    counts.of(&format!("publish_to_{sockets}"))
}

fn print_row(sockets: u64, counts: &Counts) {
    let Share { gateway, lambda, table, queue } = per_million(sockets, counts);
    let total = gateway + lambda + table + queue;
    println!("| {sockets} | {gateway:.3} | {lambda:.3} | {table:.3} | {queue:.3} | **{total:.2}** |");
}

fn print_bill(title: &str, rows: &[(&str, f64)]) {
    println!("\n{title}:\n\n| what | $ |\n|---|---|");
    for (what, dollars) in rows {
        println!("| {what} | {dollars:.3} |");
    }
    println!("| all | **{:.2}** |", rows.iter().map(|(_, dollars)| dollars).sum::<f64>());
}

/// What a million deliveries cost if each message goes to so many sockets.
fn per_million(sockets: u64, counts: &Counts) -> Share {
    let messages = MILLION / number(sockets);
    let jobs = number(counts.queue_messages);
    let seconds = SECONDS_PER_MESSAGE * (1.0 + jobs) + SECONDS_PER_50_POSTS * number(counts.posts) / 50.0;
    // Each job is taken from the queue and removed from it alone: the dearest that can be.
    let queue_requests = number(counts.queue_requests) + 2.0 * jobs;
    let writes = number(counts.writes) + 2.0 * number(counts.transacted);
    Share {
        gateway: messages * (1.0 + number(counts.posts)) * SOCKET_MESSAGE,
        lambda: messages * ((1.0 + jobs) * LAMBDA_REQUEST + seconds * MEMORY_GB * LAMBDA_GB_SECOND),
        table: messages * (writes * TABLE_WRITE_UNIT + number(counts.read_halves) / 2.0 * TABLE_READ_UNIT),
        queue: messages * queue_requests * QUEUE_REQUEST,
    }
}

/// What keeps an idle deployment's bill from being nothing.
fn idle(counts: &RequestCounts) -> Outcome<Vec<(&'static str, f64)>> {
    let visit = LAMBDA_REQUEST + SECONDS_PER_MINUTE_VISIT * HEARTBEAT_MEMORY_GB * LAMBDA_GB_SECOND;
    let reads = number(counts.of("minute_without_listeners")?.read_halves) / 2.0 * TABLE_READ_UNIT;
    Ok(vec![
        ("the queue: Lambda polls it all the time", IDLE_POLLS * QUEUE_REQUEST),
        ("the alarm on the dead-letter queue", ALARM_MONTH),
        ("the schedule's visits, once a minute", MINUTES * SCHEDULE_CALL),
        ("the function that they call", MINUTES * visit),
        ("its looks at the table, whether anybody listens", MINUTES * reads),
        ("logs: where nothing happens, no line is written", 0.0),
    ])
}

/// What one listener adds, at a heartbeat every ten seconds. The visit itself is on the idle bill.
fn listener(counts: &RequestCounts) -> Outcome<Vec<(&'static str, f64)>> {
    let (minute, tick) = (counts.of("minute_with_listeners")?, counts.of("tick_to_10")?);
    let beats = MINUTES * BEATS_PER_MINUTE;
    let planning = number(minute.writes) * TABLE_WRITE_UNIT + QUEUE_REQUEST;
    let worker = LAMBDA_REQUEST + SECONDS_PER_50_POSTS * MEMORY_GB * LAMBDA_GB_SECOND;
    let table = number(tick.writes) * TABLE_WRITE_UNIT + number(tick.read_halves) / 2.0 * TABLE_READ_UNIT;
    // A tick is taken from the queue and removed from it alone.
    let making = MINUTES * planning + beats * (2.0 * QUEUE_REQUEST + worker + table);
    Ok(vec![
        ("the connection, by the minute", MINUTES * SOCKET_MINUTE),
        ("heartbeats to it", beats * SOCKET_MESSAGE),
        ("making the heartbeats, once for all sockets", making),
    ])
}

/// What a million requests cost that read the session and one item.
fn requests(counts: &RequestCounts) -> Outcome<Vec<(&'static str, f64)>> {
    let call = LAMBDA_REQUEST + SECONDS_PER_MESSAGE * API_MEMORY_GB * LAMBDA_GB_SECOND;
    Ok(vec![
        ("API Gateway", MILLION * HTTP_REQUEST),
        ("the function", MILLION * call),
        ("two reads of the table", MILLION * 2.0 * TABLE_READ_UNIT),
        ("a line of the access log for each", MILLION * number(counts.bytes("http_log_line")?) * LOG_BYTE),
    ])
}

/// What the access log of sockets adds: a line for whatever comes in, none for what is posted.
fn socket_log(counts: &RequestCounts) -> Outcome<Vec<(&'static str, f64)>> {
    let line = number(counts.bytes("socket_log_line")?) * LOG_BYTE;
    Ok(vec![("a line of the access log for each", MILLION * line)])
}

fn hundreds_are_cheap(counts: &RequestCounts) -> Outcome {
    let share = per_million(100, &to(100, counts)?);
    let over = share.total() / share.gateway;
    println!(
        "\nGroups of 100 cost {:.1} % more than API Gateway alone takes for them.",
        (over - 1.0) * 100.0
    );
    if over <= MOST_OVER_GATEWAY { Ok(()) } else { Err("that is more than 5 %".into()) }
}

/// A delivery costs the same in all large groups.
fn growth_is_flat(counts: &RequestCounts) -> Outcome {
    let large = GROUPS.into_iter().filter(|sockets| *sockets >= 100);
    let totals: Vec<f64> = large
        .map(|sockets| Ok(per_million(sockets, &to(sockets, counts)?).total()))
        .collect::<Outcome<_>>()?;
    let (least, most) =
        totals.iter().fold((f64::MAX, 0.0_f64), |(least, most), total| (least.min(*total), most.max(*total)));
    println!(
        "From 100 sockets to 100,000 a delivery costs the same within {:.1} %.",
        (most / least - 1.0) * 100.0
    );
    if most / least <= MOST_GROWTH { Ok(()) } else { Err("that is more than 10 %".into()) }
}

/// Counts are far below the number from which on this would not be exact.
#[expect(clippy::cast_precision_loss, reason = "counts of requests are small")]
fn number(count: u64) -> f64 {
    count as f64
}
