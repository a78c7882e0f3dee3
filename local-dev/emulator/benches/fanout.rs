//! One message to a thousand sockets: through the channel layer and the gateway, beside a bare broadcast that does
//! nothing but write the same frames to as many TCP connections. Both have the same client, in the same run, in turn.
//!
//! `cargo bench -p emulator --bench fanout`; it fails if the gateway falls below its share of the bare rate.

#![expect(clippy::print_stdout, reason = "a benchmark's report")]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Token};
use parlor::embedded::WireFrame;
use parlor::ports::{Broadcast, Group, Sender};
use parlor::protocol::Frame;
use support::{Failure, Server};

const SOCKETS: usize = 1000;
const MESSAGE_BYTES: usize = 256;
const ROUNDS: usize = 15;
/// No further round of a load begins after this: a busy machine gets fewer rounds, not a longer run.
const BUDGET: Duration = Duration::from_secs(22);
/// Longer than this without any byte, and something is lost.
const STALL: Duration = Duration::from_secs(10);

/// A load: messages in flight, messages per round, and the share of the bare rate that must be reached.
struct Load {
    in_flight: usize,
    messages: usize,
    limit: f64,
}

const LOADS: [Load; 2] =
    [Load { in_flight: 1, messages: 100, limit: 0.8 }, Load { in_flight: 16, messages: 800, limit: 0.5 }];

/// Something that sends a message to all sockets, and the receiving ends.
struct Contestant {
    publish: Box<dyn Fn() -> Result<(), Failure>>,
    client: Client,
}

/// Counts bytes.
struct Client {
    poll: Poll,
    events: Events,
    sockets: Vec<mio::net::TcpStream>,
    scratch: Vec<u8>,
    received: usize,
}

fn main() -> Result<ExitCode, Failure> {
    if !support::is_wanted() {
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = emulator::runtime()?;
    let message = Frame::new("x".repeat(MESSAGE_BYTES))?;
    let frame = WireFrame::from(&message);
    let mut gateway = gateway(&runtime, message)?;
    let mut bare = bare(&frame)?;
    println!("{SOCKETS} sockets, {MESSAGE_BYTES}-byte messages, {ROUNDS} rounds in turn, medians");
    let mut passed = true;
    for load in &LOADS {
        passed &= compare(load, frame.as_bytes().len(), &mut gateway, &mut bare)?;
    }
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn compare(
    load: &Load,
    frame_bytes: usize,
    gateway: &mut Contestant,
    bare: &mut Contestant,
) -> Result<bool, Failure> {
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let start = Instant::now();
    // The first round warms up.
    for round in 0..=ROUNDS {
        let our_rate = gateway.rate(load, frame_bytes)?;
        let their_rate = bare.rate(load, frame_bytes)?;
        if round > 0 {
            ours.push(our_rate);
            theirs.push(their_rate);
            ratios.push(our_rate / their_rate);
        }
        if round > 0 && start.elapsed() > BUDGET {
            break;
        }
    }
    let ratio = median(&mut ratios);
    let verdict = if ratio >= load.limit { "ok" } else { "MISSED" };
    println!(
        "{:>2} in flight: gateway {:>9.0}/s, bare {:>9.0}/s, ratio {ratio:.2} ({:.2} to {:.2}), at least {:.2}: {verdict}",
        load.in_flight,
        median(&mut ours),
        median(&mut theirs),
        ratios.first().copied().unwrap_or_default(),
        ratios.last().copied().unwrap_or_default(),
        load.limit,
    );
    Ok(ratio >= load.limit)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The real thing: a task that publishes through the channel layer whenever it is told to.
fn gateway(runtime: &tokio::runtime::Runtime, message: Frame) -> Result<Contestant, Failure> {
    let server = runtime.block_on(Server::start())?;
    let sockets = (0..SOCKETS).map(|_| support::open_socket(server.port)).collect::<Result<_, _>>()?;
    let (told, mut tellings) = tokio::sync::mpsc::unbounded_channel::<()>();
    let broadcast = Broadcast::same(message);
    runtime.spawn(async move {
        while tellings.recv().await.is_some() {
            if server.channels.publish(&Group::Feed, &broadcast).await.is_err() {
                return;
            }
        }
    });
    let publish = Box::new(move || Ok(told.send(())?));
    Ok(Contestant { publish, client: Client::new(sockets)? })
}

/// The limit: a thread that writes frames to all its connections, all those that wait in one write per connection.
fn bare(frame: &WireFrame) -> Result<Contestant, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let mut accepted = Vec::new();
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        sockets.push(TcpStream::connect(address)?);
        let (stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        accepted.push(stream);
    }
    let (told, tellings) = mpsc::channel::<Arc<[u8]>>();
    std::thread::spawn(move || broadcast(&tellings, &mut accepted));
    let frame: Arc<[u8]> = frame.as_bytes().into();
    let publish = Box::new(move || Ok(told.send(Arc::clone(&frame))?));
    Ok(Contestant { publish, client: Client::new(sockets)? })
}

fn broadcast(tellings: &mpsc::Receiver<Arc<[u8]>>, connections: &mut [TcpStream]) {
    let mut batch = Vec::new();
    while let Ok(first) = tellings.recv() {
        batch.clear();
        batch.extend_from_slice(&first);
        for more in tellings.try_iter() {
            batch.extend_from_slice(&more);
        }
        for connection in connections.iter_mut() {
            // What is in flight is far less than a socket's buffer: nothing blocks, and nothing is written in part.
            if connection.write_all(&batch).is_err() {
                return;
            }
        }
    }
}

impl Contestant {
    /// Messages delivered per second, with a fixed number of them in flight.
    fn rate(&mut self, load: &Load, frame_bytes: usize) -> Result<f64, Failure> {
        let per_message = SOCKETS * frame_bytes;
        let before = self.client.received;
        let start = Instant::now();
        let mut published = 0;
        let mut complete = 0;
        while complete < load.messages {
            while published < load.messages.min(complete + load.in_flight) {
                (self.publish)()?;
                published += 1;
            }
            self.client.receive()?;
            complete = (self.client.received - before) / per_message;
        }
        Ok((complete * SOCKETS) as f64 / start.elapsed().as_secs_f64())
    }
}

impl Client {
    fn new(sockets: Vec<TcpStream>) -> Result<Self, Failure> {
        let poll = Poll::new()?;
        let mut registered = Vec::new();
        for (index, socket) in sockets.into_iter().enumerate() {
            socket.set_nonblocking(true)?;
            let mut socket = mio::net::TcpStream::from_std(socket);
            poll.registry().register(&mut socket, Token(index), Interest::READABLE)?;
            registered.push(socket);
        }
        Ok(Self {
            poll,
            events: Events::with_capacity(SOCKETS),
            sockets: registered,
            scratch: vec![0; 64 * 1024],
            received: 0,
        })
    }

    /// Waits for bytes and counts them.
    fn receive(&mut self) -> Result<(), Failure> {
        self.poll.poll(&mut self.events, Some(STALL))?;
        if self.events.is_empty() {
            return Err("nothing has come for a while".into());
        }
        for event in &self.events {
            // A read that doesn't fill the buffer has emptied the socket: the next byte is a new event.
            match self.sockets[event.token().0].read(&mut self.scratch) {
                Ok(0) => return Err("a socket was closed".into()),
                Ok(count) => self.received += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
