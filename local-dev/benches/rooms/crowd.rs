//! Many sockets in one thread, in rooms, and what they hear.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Token};

use crate::Failure;

/// Longer than this without any byte, and something is lost.
const STALL: Duration = Duration::from_secs(20);
const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
/// How long everything is that somebody says, in bytes. A shorter text is a server's own, such as a keep-alive.
const SAID: usize = 256;

/// How people talk: how many messages of a room are in flight at once, how many there are in all, and whether everybody
/// speaks in turn.
pub(crate) struct Load {
    pub(crate) in_flight: usize,
    pub(crate) messages: usize,
    pub(crate) in_turn: bool,
}

/// How a text in the room of this number is worded as a message of a server's protocol.
pub(crate) type Wording = fn(usize, &str) -> String;

/// Sockets, room by room.
pub(crate) struct Crowd {
    poll: Poll,
    events: Events,
    peers: Vec<Peer>,
    rooms: Vec<Room>,
    members: usize,
    wording: Wording,
    scratch: Vec<u8>,
    said: usize,
}

/// One socket, and how far its bytes have been understood.
struct Peer {
    stream: mio::net::TcpStream,
    /// The beginning of a frame's header.
    head: Vec<u8>,
    /// What is left of a frame's payload.
    rest: usize,
    /// How many texts came, and how long the last one was.
    texts: usize,
    last_text: usize,
}

#[derive(Default)]
struct Room {
    speaker: usize,
    heard: usize,
    in_flight: VecDeque<Instant>,
}

impl Crowd {
    /// Speaks as Parlor's rooms understand it.
    pub(crate) fn new(sockets: Vec<TcpStream>, members: usize) -> Result<Self, Failure> {
        Self::speaking(sockets, members, plainly)
    }

    pub(crate) fn speaking(
        sockets: Vec<TcpStream>,
        members: usize,
        wording: Wording,
    ) -> Result<Self, Failure> {
        let (poll, mut peers) = (Poll::new()?, Vec::new());
        for (index, socket) in sockets.into_iter().enumerate() {
            socket.set_nonblocking(true)?;
            let mut stream = mio::net::TcpStream::from_std(socket);
            poll.registry().register(&mut stream, Token(index), Interest::READABLE)?;
            peers.push(Peer { stream, head: Vec::new(), rest: 0, texts: 0, last_text: 0 });
        }
        let rooms = (0..peers.len() / members).map(|_| Room::default()).collect();
        let events = Events::with_capacity(1024);
        Ok(Self { poll, events, peers, rooms, members, wording, scratch: vec![0; 64 * 1024], said: 0 })
    }

    /// How long a message is as its hearers get it.
    pub(crate) fn bytes_of_a_message(&mut self) -> Result<usize, Failure> {
        self.talk(&Load { in_flight: 1, messages: self.rooms.len(), in_turn: false })?;
        Ok(self.peers[self.members - 1].last_text)
    }

    /// Lets people talk; answers deliveries per second, and how long each message took to reach everybody.
    pub(crate) fn talk(&mut self, load: &Load) -> Result<(f64, Vec<f64>), Failure> {
        let (start, mut sent, mut waits) = (Instant::now(), 0, Vec::new());
        while waits.len() < load.messages {
            for room in 0..self.rooms.len() {
                while sent < load.messages && self.rooms[room].in_flight.len() < load.in_flight {
                    self.say(room, load.in_turn, Instant::now())?;
                    sent += 1;
                }
            }
            self.listen(STALL, &mut waits)?;
        }
        Ok(((waits.len() * self.members) as f64 / start.elapsed().as_secs_f64(), waits))
    }

    /// Lets people talk at a steady pace, room by room and member by member; answers how long after it was due each message
    /// had reached everybody in its room: that what comes before is late makes it no less so.
    pub(crate) fn talk_paced(&mut self, gap: Duration, messages: u32) -> Result<Vec<f64>, Failure> {
        let (start, mut sent, mut waits) = (Instant::now(), 0, Vec::new());
        while waits.len() < messages as usize {
            while sent < messages && start + gap * sent <= Instant::now() {
                self.say(sent as usize % self.rooms.len(), true, start + gap * sent)?;
                sent += 1;
            }
            let until_next = (start + gap * sent).saturating_duration_since(Instant::now());
            self.listen(if sent < messages { until_next } else { STALL }, &mut waits)?;
        }
        Ok(waits)
    }

    /// A member of the room says something, which counts from that instant on.
    fn say(&mut self, number: usize, in_turn: bool, began: Instant) -> Result<(), Failure> {
        let room = &mut self.rooms[number];
        if in_turn {
            room.speaker = (room.speaker + 1) % self.members;
        }
        room.in_flight.push_back(began);
        self.said += 1;
        let frame = message(number, self.said, self.wording);
        let stream = &mut self.peers[number * self.members + room.speaker].stream;
        let mut rest = &frame[..];
        while !rest.is_empty() {
            match stream.write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::yield_now(),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Waits for bytes, so long at most; whatever has reached everybody in its room is done.
    fn listen(&mut self, patience: Duration, waits: &mut Vec<f64>) -> Result<(), Failure> {
        self.poll.poll(&mut self.events, Some(patience))?;
        if self.events.is_empty() && patience == STALL {
            return Err("nothing has come for a while".into());
        }
        for event in &self.events {
            let index = event.token().0;
            let heard = self.peers[index].read(&mut self.scratch)?;
            let room = &mut self.rooms[index / self.members];
            for _ in 0..heard {
                room.heard += 1;
                if room.heard.is_multiple_of(self.members) {
                    let began = room.in_flight.pop_front().ok_or("more was heard than was said")?;
                    waits.push(began.elapsed().as_secs_f64());
                }
            }
        }
        Ok(())
    }
}

impl Peer {
    /// Reads all there is; answers how many texts were completed.
    fn read(&mut self, scratch: &mut [u8]) -> Result<usize, Failure> {
        let before = self.texts;
        loop {
            match self.stream.read(scratch) {
                Ok(0) => return Err("a socket was closed".into()),
                Ok(count) => self.take(&scratch[..count])?,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(self.texts - before),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn take(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            if self.rest > 0 {
                let taken = self.rest.min(bytes.len());
                self.rest -= taken;
                bytes = &bytes[taken..];
            } else {
                self.head.push(bytes[0]);
                bytes = &bytes[1..];
                self.begin_frame()?;
            }
        }
        Ok(())
    }

    /// Once a frame's header is whole, its payload is passed over. A text counts when its header has come: its end is in
    /// the same write, or in the next.
    fn begin_frame(&mut self) -> Result<(), Failure> {
        let [first, length, rest @ ..] = &self.head[..] else { return Ok(()) };
        let payload = match (length, rest) {
            (126, [high, low]) => usize::from(u16::from_be_bytes([*high, *low])),
            (126, _) => return Ok(()),
            (127, _) => return Err("no message is that long".into()),
            (short, _) => usize::from(*short),
        };
        match *first {
            TEXT | BINARY if payload >= SAID => {
                self.texts += 1;
                self.last_text = payload;
            }
            // Keep-alives, as frames of their own kind and as messages.
            TEXT | BINARY | 0x89 | 0x8A => {}
            _ => return Err("a socket was closed".into()),
        }
        self.rest = payload;
        self.head.clear();
        Ok(())
    }
}

/// What somebody says in a room, as a frame: bytes that differ from message to message.
fn message(room: usize, number: usize, wording: Wording) -> Vec<u8> {
    frame(&wording(room, &format!("{number:08}{}", "x".repeat(SAID - 8))))
}

fn plainly(_: usize, text: &str) -> String {
    format!(r#"{{"message":"{text}"}}"#)
}

/// A text as a client's frame. It is masked by zeros, which changes nothing.
pub(crate) fn frame(text: &str) -> Vec<u8> {
    let head = match u16::try_from(text.len()).unwrap_or(u16::MAX) {
        short @ ..126 => vec![TEXT, 0x80 | short as u8],
        long => [&[TEXT, 0x80 | 126][..], &long.to_be_bytes()].concat(),
    };
    [&head[..], &[0; 4], text.as_bytes()].concat()
}

/// How many bytes every such frame has.
pub(crate) fn message_bytes() -> usize {
    message(0, 0, plainly).len()
}
