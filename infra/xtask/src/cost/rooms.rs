//! What people say in rooms: stored, and told to everybody there.

use super::request_counts::RequestCounts;
use super::{per_million, print_row};
use crate::step::Outcome;

/// The sizes of rooms, and what a million deliveries to such rooms may cost at most, in dollars.
const MOST: [(u64, f64); 4] = [(2, 2.5), (10, 1.30), (100, 1.04), (1000, 1.02)];

/// Prints the table; fails if a size has become too dear.
pub(super) fn run(counts: &RequestCounts) -> Outcome {
    println!(
        "\nThe same in rooms, where each message is charged to its author and stored before it is told:\n"
    );
    println!("| sockets in the room | API Gateway | Lambda | DynamoDB | SQS | total |");
    println!("|---|---|---|---|---|---|");
    let mut too_dear = Vec::new();
    for (sockets, most) in MOST {
        let said = counts.of(&format!("say_to_{sockets}"))?;
        print_row(sockets, &said);
        let total = per_million(sockets, &said).total();
        if total > most {
            too_dear.push(format!("${total:.3} in rooms of {sockets}, not {most}"));
        }
    }
    let named = per_million(2, &counts.of("say_to_2_with_client_msg_id")?).total();
    println!("\nWith a `client_msg_id`, ${named:.2} in rooms of 2.");
    if too_dear.is_empty() { Ok(()) } else { Err(too_dear.join("; ").into()) }
}
