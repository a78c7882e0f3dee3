//! WebSocket frames.

use parlor::embedded::{FrameDecoder, Incoming, Violation};

use super::generator::Generator;
use super::{rounds, seed};

const MAX_FRAME: usize = 32 << 10;
const MAX_MESSAGE: usize = 128 << 10;

/// A masked frame with such a first byte.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [1, 2, 3, 4];
    let mut bytes = vec![first];
    match u8::try_from(payload.len()) {
        Ok(length) if length < 126 => bytes.push(0x80 | length),
        _ => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

fn corpus() -> Vec<Vec<u8>> {
    let fragments = [frame(0x01, b"frag"), frame(0x89, b"ping"), frame(0x00, b"men"), frame(0x80, b"ted")];
    vec![
        frame(0x81, br#"{"type": "ping"}"#),
        frame(0x81, "é🎬".repeat(100).as_bytes()),
        frame(0x01, &[b'x'; MAX_FRAME]),
        fragments.concat(),
        frame(0x88, &[3, 232, b'b', b'y', b'e']),
        frame(0x8A, b""),
        frame(0x82, b"\0"),
        vec![0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0x80, 0],
    ]
}

fn decoded(pieces: &[Vec<u8>]) -> (Vec<Incoming>, Option<Violation>) {
    let mut decoder = FrameDecoder::new(MAX_FRAME, MAX_MESSAGE);
    let mut incoming = Vec::new();
    for piece in pieces {
        if let Err(violation) = decoder.feed(piece, &mut incoming) {
            return (incoming, Some(violation));
        }
        if matches!(incoming.last(), Some(Incoming::Close(_))) {
            break;
        }
    }
    (incoming, None)
}

#[test]
fn whatever_comes_is_decoded_the_same_however_it_is_cut_and_within_the_limits() {
    let generator = Generator::new(seed(), corpus());
    let (mut messages, mut violations) = (0, 0);
    for _ in 0..rounds(3_000) {
        let bytes = generator.next();
        let whole = decoded(std::slice::from_ref(&bytes));
        assert_eq!(decoded(&generator.cut(&bytes)), whole, "{bytes:?}");
        for incoming in &whole.0 {
            match incoming {
                Incoming::Text(text) => assert!(text.len() <= MAX_MESSAGE),
                Incoming::Ping(payload) => assert!(payload.len() <= 125),
                Incoming::Close(_) | Incoming::Pong => {}
            }
        }
        messages += whole.0.len();
        if let Some(violation) = whole.1 {
            assert!([1002, 1003, 1007, 1009].contains(&violation.code) && violation.reason.len() <= 123);
            violations += 1;
        }
    }
    assert!(messages > 100 && violations > 100, "{messages} messages, {violations} violations");
}

#[test]
fn fragments_without_end_are_given_up_at_the_limit_of_a_message() {
    let mut decoder = FrameDecoder::new(MAX_FRAME, MAX_MESSAGE);
    let mut incoming = Vec::new();
    decoder.feed(&frame(0x01, b"x"), &mut incoming).unwrap();
    let given_up = (1..).find(|_| decoder.feed(&frame(0x00, &[b'x'; 1024]), &mut incoming).is_err());
    assert!(given_up <= Some(MAX_MESSAGE / 1024) && incoming.is_empty(), "{given_up:?}");
}
