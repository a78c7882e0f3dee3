//! How many requests things take. These numbers are measured: a test of the library (`aws::request_counts`) counts them
//! anew and fails if one has changed.

/// What something asked of the services behind the ports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Requests to the table that read.
    pub(crate) reads: u64,
    /// What they cost, in half read units: a consistent read of up to 4 KB is two of them.
    pub(crate) read_halves: u64,
    /// Writes of single items to the table, conditional ones included.
    pub(crate) writes: u64,
    /// Those of them that stand on a condition.
    pub(crate) conditional_writes: u64,
    /// Items written in transactions, each of which costs twice.
    pub(crate) transacted: u64,
    /// Requests that put messages into the queue, ten at most each.
    pub(crate) queue_requests: u64,
    /// Messages in the queue.
    pub(crate) queue_messages: u64,
    /// Posts to sockets.
    pub(crate) posts: u64,
    /// Requests to the bucket.
    pub(crate) bucket_requests: u64,
    /// How many requests one after another stand before the first post, or before the end where nothing is posted.
    pub(crate) rounds: u64,
}

const NONE: Counts = Counts {
    reads: 0,
    read_halves: 0,
    writes: 0,
    conditional_writes: 0,
    transacted: 0,
    queue_requests: 0,
    queue_messages: 0,
    posts: 0,
    bucket_requests: 0,
    rounds: 0,
};

/// A handshake without credentials: the connection, its row in the feed, its greeting.
pub(crate) const CONNECT_ANONYMOUS: Counts =
    Counts { writes: 2, conditional_writes: 1, queue_requests: 1, queue_messages: 1, rounds: 3, ..NONE };
/// One with credentials: the session is read besides.
pub(crate) const CONNECT_SIGNED_IN: Counts =
    Counts { reads: 1, read_halves: 2, rounds: 4, ..CONNECT_ANONYMOUS };
/// One with a JWT, in a process that has not met its key yet; later ones are as with any other credentials.
pub(crate) const CONNECT_FIRST_JWT: Counts =
    Counts { reads: 2, read_halves: 4, rounds: 5, ..CONNECT_SIGNED_IN };
/// The greeting of the first listener, who makes the heartbeats begin.
pub(crate) const WELCOME_FIRST: Counts = Counts {
    reads: 1,
    read_halves: 1,
    writes: 4,
    conditional_writes: 3,
    queue_requests: 2,
    queue_messages: 12,
    rounds: 6,
    ..NONE
};
/// The greeting of another.
pub(crate) const WELCOME_ANONYMOUS: Counts =
    Counts { reads: 1, read_halves: 1, writes: 2, conditional_writes: 2, rounds: 3, ..NONE };
/// The same with credentials: the row in the person's own group, and the session.
pub(crate) const WELCOME_SIGNED_IN: Counts =
    Counts { reads: 2, read_halves: 3, writes: 3, conditional_writes: 2, rounds: 5, ..NONE };
/// The end of a socket.
pub(crate) const DISCONNECT_ANONYMOUS: Counts =
    Counts { reads: 1, read_halves: 2, writes: 2, rounds: 3, ..NONE };
/// The end of one with credentials.
pub(crate) const DISCONNECT_SIGNED_IN: Counts = Counts { writes: 3, ..DISCONNECT_ANONYMOUS };
/// A message to so many members of a room, all of what the queue does of it included.
pub(crate) const PUBLISH: [(u64, Counts); 4] = [
    (1, Counts { reads: 1, read_halves: 2, posts: 1, rounds: 1, ..NONE }),
    (10, Counts { reads: 1, read_halves: 2, posts: 10, rounds: 1, ..NONE }),
    (100, Counts { reads: 1, read_halves: 4, posts: 100, rounds: 1, ..NONE }),
    (
        1000,
        Counts {
            reads: 13,
            read_halves: 84,
            queue_requests: 2,
            queue_messages: 11,
            posts: 1000,
            rounds: 6,
            ..NONE
        },
    ),
];
/// A heartbeat to ten sockets of the feed, which lies in four partitions.
pub(crate) const TICK_TO_10: Counts =
    Counts { reads: 4, read_halves: 8, writes: 1, conditional_writes: 1, posts: 10, rounds: 2, ..NONE };
/// The schedule's visit, when it plans the beats of two minutes.
pub(crate) const MINUTE_WITH_LISTENERS: Counts = Counts {
    reads: 4,
    read_halves: 8,
    writes: 2,
    conditional_writes: 1,
    queue_requests: 2,
    queue_messages: 12,
    rounds: 4,
    ..NONE
};
/// The same when nobody listens.
pub(crate) const MINUTE_WITHOUT_LISTENERS: Counts = Counts { reads: 4, read_halves: 8, rounds: 1, ..NONE };
/// A dropped text to ten sockets of the feed.
pub(crate) const DROP_TO_10: Counts = Counts {
    reads: 4,
    read_halves: 8,
    writes: 2,
    conditional_writes: 1,
    bucket_requests: 2,
    posts: 10,
    rounds: 3,
    ..NONE
};
/// A small upload through the function: its bytes, the records of id and name, word of it in the queue and that it went out.
pub(crate) const UPLOAD: Counts = Counts {
    writes: 1,
    conditional_writes: 1,
    transacted: 2,
    queue_requests: 1,
    queue_messages: 1,
    bucket_requests: 1,
    rounds: 4,
    ..NONE
};
/// A download by the medium's id.
pub(crate) const DOWNLOAD_BY_ID: Counts =
    Counts { reads: 1, read_halves: 2, bucket_requests: 1, rounds: 2, ..NONE };
/// One by its secret name.
pub(crate) const DOWNLOAD_BY_NAME: Counts = Counts { reads: 2, read_halves: 4, rounds: 3, ..DOWNLOAD_BY_ID };
/// Leave for a direct upload.
pub(crate) const DIRECT_UPLOAD_BEGINS: Counts = Counts { transacted: 1, rounds: 1, ..NONE };
/// A direct upload has arrived; the client's own request is not counted.
pub(crate) const DIRECT_UPLOAD_ENDS: Counts =
    Counts { reads: 1, read_halves: 2, transacted: 3, rounds: 5, ..UPLOAD };
/// The same event once more.
pub(crate) const DIRECT_UPLOAD_ENDS_AGAIN: Counts = Counts { reads: 4, read_halves: 8, rounds: 4, ..NONE };

/// The row of a socket in the feed, in bytes, for a person with a small number.
pub(crate) const GROUP_ROW_BYTES: u64 = 60;
/// The row of that socket itself.
pub(crate) const CONNECTION_ROW_BYTES: u64 = 131;
