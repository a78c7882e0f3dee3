//! A browser's upload form, read as it passes by: the key, and how long the file is.

use memchr::memmem;

/// The most bytes before the file. S3 allows 20,000 for a form's fields.
const MAX_HEAD: usize = 64 * 1024;
/// Where a form's key wants the file's own name.
const FILE_NAME: &str = "${filename}";

/// Reads a form in pieces and keeps nothing of the file.
#[derive(Debug)]
pub(super) struct UploadForm {
    /// `--boundary`.
    delimiter: Vec<u8>,
    key: Option<String>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Before the file: all that has come and isn't dealt with.
    Head(Vec<u8>),
    /// In the file: its bytes so far, and the last ones, which may belong to the delimiter.
    File { name: String, bytes: u64, tail: Vec<u8> },
    /// After the file.
    Done { name: String, bytes: u64 },
    /// Not a form that can be understood.
    Lost,
}

/// What a form uploads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Uploaded {
    pub(super) key: String,
    pub(super) bytes: u64,
}

impl UploadForm {
    pub(super) fn new(boundary: &str) -> Self {
        let delimiter = format!("--{boundary}").into_bytes();
        Self { delimiter, key: None, state: State::Head(Vec::new()) }
    }

    /// Takes the next piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        match std::mem::replace(&mut self.state, State::Lost) {
            State::Head(mut head) => {
                head.extend_from_slice(piece);
                self.read_head(head);
            }
            State::File { name, bytes, mut tail } => {
                tail.extend_from_slice(piece);
                self.read_file(name, bytes, tail);
            }
            other => self.state = other,
        }
    }

    /// What was uploaded; none if the form was not understood, or broke off.
    pub(super) fn uploaded(&self) -> Option<Uploaded> {
        match &self.state {
            State::Done { name, bytes } => {
                Some(Uploaded { key: self.key.as_ref()?.replace(FILE_NAME, name), bytes: *bytes })
            }
            _ => None,
        }
    }

    /// Reads fields until the file begins.
    fn read_head(&mut self, head: Vec<u8>) {
        let mut rest = &head[..];
        while let Some((part, after)) = self.part_head(rest) {
            if part.name == "file" {
                return self.read_file(part.file_name, 0, after.to_vec());
            }
            let Some(end) = memmem::find(after, &self.line_delimiter()) else { break };
            if part.name.eq_ignore_ascii_case("key") {
                self.key = String::from_utf8(after[..end].to_vec()).ok();
            }
            // Its line end belongs to the field; the delimiter begins the next part.
            rest = &after[end + 2..];
        }
        if rest.len() <= MAX_HEAD {
            self.state = State::Head(rest.to_vec());
        }
    }

    /// The headers of the part that begins here, once they are whole, and what follows them.
    fn part_head<'a>(&self, text: &'a [u8]) -> Option<(PartHead, &'a [u8])> {
        let start = memmem::find(text, &self.delimiter)? + self.delimiter.len();
        let length = memmem::find(&text[start..], b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&text[start..start + length]);
        Some((PartHead::parse(&head), &text[start + length + 4..]))
    }

    fn read_file(&mut self, name: String, bytes: u64, tail: Vec<u8>) {
        let delimiter = self.line_delimiter();
        if let Some(end) = memmem::find(&tail, &delimiter) {
            self.state = State::Done { name, bytes: bytes + end as u64 };
            return;
        }
        let settled = tail.len().saturating_sub(delimiter.len() - 1);
        let bytes = bytes + settled as u64;
        self.state = State::File { name, bytes, tail: tail[settled..].to_vec() };
    }

    /// What ends a part.
    fn line_delimiter(&self) -> Vec<u8> {
        [b"\r\n", &self.delimiter[..]].concat()
    }
}

/// What a part says of itself.
#[derive(Debug, Default)]
struct PartHead {
    name: String,
    file_name: String,
}

impl PartHead {
    fn parse(head: &str) -> Self {
        let disposition = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
        });
        let parameter = |name: &str| {
            let quoted = format!("; {name}=\"");
            let value = disposition?.split_once(&quoted)?.1;
            value.split_once('"').map(|(value, _)| value.to_owned())
        };
        Self {
            name: parameter("name").unwrap_or_default(),
            file_name: parameter("filename").unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(key: &str, file: &str) -> Vec<u8> {
        let field = |name: &str, value: &str| {
            format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let file = format!(
            "--B\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a b.txt\"\r\n\
             Content-Type: text/plain\r\n\r\n{file}\r\n--B--\r\n"
        );
        [field("policy", "x"), field("Key", key), file].concat().into_bytes()
    }

    fn read(form: &[u8], piece: usize) -> Option<Uploaded> {
        let mut reader = UploadForm::new("B");
        form.chunks(piece).for_each(|piece| reader.push(piece));
        reader.uploaded()
    }

    #[test]
    fn key_and_length_are_found_however_the_form_is_cut() {
        let file = "one\r\n--\r\n-B\r\ntwo";
        let form = form("drops/${filename}", file);
        for piece in [1, 2, 3, 7, 100, form.len()] {
            let expected = Uploaded { key: "drops/a b.txt".to_owned(), bytes: file.len() as u64 };
            assert_eq!(read(&form, piece), Some(expected), "pieces of {piece}");
        }
        let empty = read(&self::form("k", ""), 5).unwrap();
        assert_eq!(empty, Uploaded { key: "k".to_owned(), bytes: 0 });
    }

    #[test]
    fn what_breaks_off_or_has_no_end_of_fields_is_nothing() {
        let form = form("k", "file");
        assert_eq!(read(&form[..form.len() - 10], 9), None);
        assert_eq!(read(&vec![b'x'; MAX_HEAD * 2], 4096), None);
    }
}
