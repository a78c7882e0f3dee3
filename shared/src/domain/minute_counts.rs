//! What happened in each minute of the last hour.

use std::collections::BTreeMap;

/// How many minutes are remembered.
pub const MINUTES: i64 = 60;

/// Something that is counted as it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// Somebody said something in a room.
    Message,
    /// Something could not be sent to sockets.
    DeliveryError,
}

/// How often things happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many messages were said.
    pub messages: u64,
    /// How often something could not be sent.
    pub delivery_errors: u64,
}

impl Tally {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            messages: self.messages.saturating_add(other.messages),
            delivery_errors: self.delivery_errors.saturating_add(other.delivery_errors),
        }
    }
}

/// A tally for each minute, counted from 1970, in which something happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MinuteCounts(BTreeMap<i64, Tally>);

impl MinuteCounts {
    /// Counts something once more. Minutes that are over for an hour are forgotten.
    pub fn note(&mut self, minute: i64, what: Happening) {
        let one = match what {
            Happening::Message => Tally { messages: 1, ..Tally::default() },
            Happening::DeliveryError => Tally { delivery_errors: 1, ..Tally::default() },
        };
        self.add(minute, one);
        self.0.retain(|other, _| *other > minute - MINUTES);
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, minute: i64, tally: Tally) {
        let here = self.0.entry(minute).or_default();
        *here = here.plus(tally);
    }

    /// The minutes in which something happened.
    pub fn iter(&self) -> impl Iterator<Item = (i64, Tally)> {
        self.0.iter().map(|(minute, tally)| (*minute, *tally))
    }

    /// The hour that ends with this minute, the oldest minute first.
    pub fn hour(&self, minute: i64) -> Vec<Tally> {
        (minute - MINUTES + 1..=minute)
            .map(|minute| self.0.get(&minute).copied().unwrap_or_default())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_has_sixty_minutes_of_which_the_last_is_now() {
        let mut counts = MinuteCounts::default();
        for minute in [1000, 1000, 1059, 1060] {
            counts.note(minute, Happening::Message);
        }
        counts.note(1060, Happening::DeliveryError);
        let hour = counts.hour(1060);
        assert_eq!(hour.len(), 60);
        assert_eq!(hour[59], Tally { messages: 1, delivery_errors: 1 });
        assert_eq!(hour[58], Tally { messages: 1, delivery_errors: 0 });
        assert_eq!(
            hour.iter().map(|tally| tally.messages).sum::<u64>(),
            2,
            "the minute 1000 is over for an hour"
        );
        assert_eq!(counts.iter().map(|(minute, _)| minute).collect::<Vec<_>>(), [1059, 1060]);
    }
}
