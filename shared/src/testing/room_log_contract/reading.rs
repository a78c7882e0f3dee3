//! Parts of a log.

use super::{LogUnderTest, fresh_room, ids};
use crate::ids::EventId;
use crate::ports::{Direction, Entries, Head, Slice};

async fn log_of_ten(under_test: &LogUnderTest) -> crate::ids::RoomCode {
    let room = fresh_room();
    for number in 1..=10 {
        under_test.say(&room, &number.to_string()).await;
    }
    room
}

/// Each page by ascending id.
pub async fn a_log_is_read_page_by_page_in_both_directions(under_test: LogUnderTest) {
    let room = log_of_ten(&under_test).await;
    let read = async |slice| under_test.log.read(&room, slice).await.unwrap();
    let (mut forward, mut last) = (Vec::new(), EventId::default());
    loop {
        let page = read(Slice::after(last, 3)).await;
        forward.push(ids(&page.entries));
        let Some(entry) = page.entries.last().filter(|_| page.more) else { break };
        last = entry.id;
    }
    assert_eq!(forward.concat(), (1..=10).collect::<Vec<_>>());
    assert_eq!(forward[..4], [vec![1, 2, 3], vec![4, 5, 6], vec![7, 8, 9], vec![10]]);
    let (mut backward, mut slice) = (Vec::new(), Slice::newest(4));
    loop {
        let page = read(slice).await;
        backward.push(ids(&page.entries));
        let Some(entry) = page.entries.first().filter(|_| page.more) else { break };
        slice = Slice::before(entry.id, 4);
    }
    assert_eq!(backward, [vec![7, 8, 9, 10], vec![3, 4, 5, 6], vec![1, 2]]);
}

/// Both included.
pub async fn a_slice_has_what_lies_between_its_ends(under_test: LogUnderTest) {
    let room = log_of_ten(&under_test).await;
    let read = async |from, to, direction, limit| {
        let slice = Slice { from: EventId(from), to: EventId(to), direction, limit };
        let read = under_test.log.read(&room, slice).await.unwrap();
        (ids(&read.entries), read.more)
    };
    assert_eq!(read(3, 5, Direction::Forward, 10).await, (vec![3, 4, 5], false));
    assert_eq!(read(3, 5, Direction::Backward, 10).await, (vec![3, 4, 5], false));
    assert_eq!(read(3, 5, Direction::Forward, 2).await, (vec![3, 4], true));
    assert_eq!(read(3, 5, Direction::Backward, 2).await, (vec![4, 5], true));
    assert_eq!(read(3, 5, Direction::Backward, 3).await.0, [3, 4, 5]);
    assert_eq!(read(9, 20, Direction::Forward, 10).await, (vec![9, 10], false));
    assert_eq!(read(11, 20, Direction::Forward, 10).await, (vec![], false));
    for (from, to, limit) in [(5, 3, 10), (3, 5, 0)] {
        assert_eq!(read(from, to, Direction::Forward, limit).await, (vec![], false));
    }
}

/// From which whoever asks can go on.
pub async fn an_empty_log_has_a_beginning(under_test: LogUnderTest) {
    let room = fresh_room();
    assert_eq!(under_test.log.head(&room).await.unwrap(), Head::default());
    for slice in [Slice::newest(5), Slice::after(EventId::default(), 5), Slice::before(EventId(1), 5)] {
        assert_eq!(under_test.log.read(&room, slice).await.unwrap(), Entries::default());
    }
    assert_eq!(under_test.log.get(&room, &[]).await.unwrap(), []);
}

/// In their own order, each once.
pub async fn entries_are_got_by_number(under_test: LogUnderTest) {
    let room = log_of_ten(&under_test).await;
    let wanted = [9, 2, 99, 2, 10].map(EventId);
    assert_eq!(ids(&under_test.log.get(&room, &wanted).await.unwrap()), [2, 9, 10]);
}
