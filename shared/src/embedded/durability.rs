//! What an answered write survives.

/// What an answered write survives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Durability {
    /// The death of the process, kill -9 included: the bytes are with the operating system.
    #[default]
    Process,
    /// A power cut too: the bytes are on the disk. Slower, since every commit waits for it.
    Power,
}
