//! Makes inputs of others: bytes flipped, cut out, doubled, and pieces put in on which parsers stumble.

use parlor::ports::Random as _;
use parlor::testing::SeededRandom;

/// No input is longer.
const MAX: usize = 64 << 10;
/// Where parsers have their borders.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\\udfff",
    b"null",
    b"true",
    b"-0.0",
    b"1e999",
    b"99999999999999999999",
    b"-1",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\r\n\r\n",
    b"--b\r\n",
    b"--b--\r\n",
    b"; filename=\"",
    b"; name=\"\"",
    b"%",
    b"%00",
    b"&",
    b"=",
    b"\x81\x80",
    b"\x01\xfe",
    b"\x00\xff",
    b"\x88\x81",
    b"\x89\xfe",
    b"\xf0\x9f\x8e\xac",
];

pub(super) struct Generator {
    random: SeededRandom,
    corpus: Vec<Vec<u8>>,
}

impl Generator {
    pub(super) fn new(seed: u64, corpus: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        let corpus: Vec<Vec<u8>> = corpus.into_iter().map(Into::into).collect();
        assert!(corpus.len() > 3, "a corpus has something to make others of");
        Self { random: SeededRandom::new(seed), corpus }
    }

    /// A number below that one.
    pub(super) fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % bound.max(1) as u64).unwrap()
    }

    /// The next input: one of the corpus with up to eight changes.
    pub(super) fn next(&self) -> Vec<u8> {
        let mut input = self.pick().to_vec();
        for _ in 0..self.below(9) {
            self.change(&mut input);
        }
        input.truncate(MAX);
        input
    }

    fn pick(&self) -> &[u8] {
        &self.corpus[self.below(self.corpus.len())]
    }

    fn change(&self, input: &mut Vec<u8>) {
        let (from, to) = self.range(input.len());
        match self.below(8) {
            0 => input.truncate(from),
            1 => drop(input.drain(from..to)),
            2 => input.iter_mut().skip(from).take(1).for_each(|byte| *byte ^= 1 << self.below(8)),
            3 => drop(input.splice(from..from, self.pick().to_vec())),
            4 => {
                // Much of the same: deep nesting, long names.
                let piece = PIECES[self.below(PIECES.len())].repeat(1 << self.below(13));
                drop(input.splice(from..from, piece));
            }
            5 => {
                let doubled = input[from..to].to_vec();
                drop(input.splice(from..from, doubled));
            }
            _ => drop(input.splice(from..from, PIECES[self.below(PIECES.len())].to_vec())),
        }
        input.truncate(MAX);
    }

    fn range(&self, length: usize) -> (usize, usize) {
        let (one, other) = (self.below(length + 1), self.below(length + 1));
        (one.min(other), one.max(other))
    }

    /// The same bytes in pieces, as they may come over a network.
    pub(super) fn cut(&self, input: &[u8]) -> Vec<Vec<u8>> {
        let mut pieces = Vec::new();
        let mut rest = input;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(1 + self.below(rest.len()));
            pieces.push(piece.to_vec());
            rest = after;
        }
        pieces
    }
}

#[test]
fn the_same_seed_makes_the_same_inputs_which_differ_and_are_bounded() {
    let corpus = || ["one", "two", "three", "{\"four\": [4]}"];
    let (first, same) = (Generator::new(1, corpus()), Generator::new(1, corpus()));
    let inputs: Vec<_> = (0..500).map(|_| first.next()).collect();
    assert!(inputs.iter().all(|input| *input == same.next() && input.len() <= MAX));
    let different: std::collections::BTreeSet<_> = inputs.iter().collect();
    assert!(different.len() > 300, "{}", different.len());
    assert_eq!(first.cut(b"some bytes").concat(), b"some bytes");
}
