//! Appending what somebody has to consent to.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::ready;

use super::{ANN, LogUnderTest, fresh_room, message, new_id};
use crate::domain::chat::Moment;
use crate::ids::EventId;
use crate::ports::{Appended, Consented, Late, NewEntry};

/// Neither it nor its client id is there: with consent it is new.
pub async fn what_nobody_consents_to_is_not_appended(under_test: LogUnderTest) {
    let room = fresh_room();
    let entry = under_test.named(ANN, "x", message("hello"));
    let withheld = async { Consented::Withheld }.boxed();
    let appended = under_test.log.append_with_consent(&room, entry.clone(), withheld).await.unwrap();
    assert_eq!(appended, Appended::Withheld);
    assert_eq!(under_test.all(&room).await, []);
    let given = ready(Consented::Given(Late::default())).boxed();
    let appended = under_test.log.append_with_consent(&room, entry, given).await.unwrap();
    assert_eq!(new_id(&appended), EventId(1));
}

/// Whatever the entries themselves said: that was only a guess.
pub async fn entries_are_kept_as_long_as_the_consent_says(under_test: LogUnderTest) {
    let minute = Some(Duration::from_secs(60));
    let rooms = [(fresh_room(), None, minute), (fresh_room(), minute, None)];
    for (room, guess, truth) in &rooms {
        for _ in 0..3 {
            let entry = NewEntry { keep_for: *guess, ..under_test.entry(ANN, message("hello")) };
            let given = ready(Consented::Given(Late { keep_for: *truth, moment: None })).boxed();
            new_id(&under_test.log.append_with_consent(room, entry, given).await.unwrap());
        }
    }
    under_test.clock.advance(Duration::from_secs(61));
    let expiring = under_test.all(&rooms[0].0).await;
    assert!((1..3).contains(&expiring.len()), "{} are left", expiring.len());
    assert_eq!(expiring.last().unwrap().id, EventId(3));
    assert_eq!(under_test.all(&rooms[1].0).await.len(), 3);
}

/// A message that is stored says what was being watched.
pub async fn a_message_says_what_was_found_out_while_it_was_charged(under_test: LogUnderTest) {
    let room = fresh_room();
    let moment = Some(Moment { time: 12.5, item: "film".into() });
    let given = ready(Consented::Given(Late { keep_for: None, moment })).boxed();
    let entry = under_test.entry(ANN, message("look!"));
    new_id(&under_test.log.append_with_consent(&room, entry, given).await.unwrap());
    let said = under_test.all(&room).await;
    let said = said[0].event.message().unwrap();
    assert_eq!((said.text.as_str(), said.media_time), ("look!", Some(12.5)));
    assert_eq!(said.item.as_deref(), Some("film"));
}
