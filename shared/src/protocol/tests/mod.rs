//! The types and the parsers against the contract's tables, which lie beside the crate's other tests.

mod aliases;
mod clients_first_documents;
mod commands;
mod events;
mod fitting;
mod spelling;
mod table;
