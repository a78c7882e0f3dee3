//! The contract's tables.

pub(super) const COMMANDS: &str = include_str!("../../../tests/fixtures/protocol/commands.tsv");
pub(super) const FIELDS: &str = include_str!("../../../tests/fixtures/protocol/fields.tsv");
pub(super) const EVENTS: &str = include_str!("../../../tests/fixtures/protocol/events.tsv");
pub(super) const CODES: &str = include_str!("../../../tests/fixtures/protocol/codes.tsv");

/// A table's rows, each with as many columns.
pub(super) fn rows<const N: usize>(table: &'static str) -> Vec<[&'static str; N]> {
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let mut columns = line.split('\t');
        let row = std::array::from_fn(|_| columns.next().unwrap_or_else(|| panic!("{line:?}")));
        assert_eq!(columns.next(), None, "{line:?}");
        row
    })
    .collect()
}

/// The words of a cell.
pub(super) fn words(cell: &'static str) -> Vec<&'static str> {
    cell.split_whitespace().collect()
}
