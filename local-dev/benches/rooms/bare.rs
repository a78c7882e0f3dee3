//! The limit: a thread that passes every message on to all connections of its room, and does nothing else.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use mio::{Events, Interest, Poll, Token};

use crate::Failure;
use crate::crowd::message_bytes;

/// Starts it; answers the clients' ends, room by room. Each message that comes in goes out with so many bytes of payload.
pub(crate) fn start(rooms: usize, members: usize, payload: usize) -> Result<Vec<TcpStream>, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let (mut accepted, mut clients) = (Vec::new(), Vec::new());
    for _ in 0..rooms * members {
        let client = TcpStream::connect(address)?;
        client.set_nodelay(true)?;
        clients.push(client);
        let (stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        accepted.push(stream);
    }
    let frame = frame(payload)?;
    std::thread::spawn(move || pass_on(accepted, members, &frame));
    Ok(clients)
}

fn frame(payload: usize) -> Result<Vec<u8>, Failure> {
    let length = u16::try_from(payload)?.to_be_bytes();
    Ok([&[0x81, 126][..], &length, &vec![b'x'; payload]].concat())
}

/// Ends with the first connection that does.
fn pass_on(connections: Vec<TcpStream>, members: usize, frame: &[u8]) -> Result<(), Failure> {
    let (mut poll, mut events) = (Poll::new()?, Events::with_capacity(1024));
    let mut connections: Vec<_> = connections.into_iter().map(mio::net::TcpStream::from_std).collect();
    for (index, connection) in connections.iter_mut().enumerate() {
        poll.registry().register(connection, Token(index), Interest::READABLE)?;
    }
    let mut received = vec![0; connections.len()];
    let mut scratch = vec![0; 64 * 1024];
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            let index = event.token().0;
            loop {
                match connections[index].read(&mut scratch) {
                    Ok(0) => return Ok(()),
                    Ok(count) => received[index] += count,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error.into()),
                }
            }
            // All that came of one connection goes out in one write for each of the others.
            let messages = received[index] / message_bytes();
            received[index] %= message_bytes();
            let batch = frame.repeat(messages);
            let first = index / members * members;
            for connection in connections[first..first + members].iter_mut().filter(|_| messages > 0) {
                write(connection, &batch)?;
            }
        }
    }
}

fn write(connection: &mut mio::net::TcpStream, mut batch: &[u8]) -> Result<(), Failure> {
    while !batch.is_empty() {
        match connection.write(batch) {
            Ok(written) => batch = &batch[written..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::yield_now(),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
