//! Messages on sockets.

use parlor::protocol::{
    ChatCommand, Dialect, ErrorEvent, Event, MAX_MESSAGE_CHARS, Ping, Refusal, Regarding, WatchCommand,
};

use super::generator::Generator;
use super::{rounds, seed};

const CORPUS: &str = include_str!("../../fixtures/fuzz/commands.txt");
/// The most that an error says.
const MAX_ERROR_TEXT: usize = 1024;

/// What an error says is short, and it fits a frame with all that it repeats.
fn assert_short(refusal: Refusal, regarding: &Regarding) {
    let error = ErrorEvent::refused(refusal, regarding);
    let fields: usize = error.fields.iter().map(|(name, why)| name.len() + why.len()).sum();
    assert!(error.message.len() + fields <= MAX_ERROR_TEXT, "{error:?}");
    let frame = Event::Error(error).frame(Dialect::Watch).expect("an error fits a frame");
    assert!(frame.as_str().len() <= 2 * MAX_ERROR_TEXT, "{}", frame.as_str());
}

#[test]
fn whatever_is_said_on_a_socket_is_understood_or_refused_in_few_words() {
    let generator = Generator::new(seed(), CORPUS.lines());
    let (mut understood, mut refused) = (0, 0);
    for _ in 0..rounds(20_000) {
        let input = generator.next();
        let text = String::from_utf8_lossy(&input);
        let _ = Ping::parse(&text);
        let chat = ChatCommand::parse(&text);
        if let Ok(ChatCommand::Send(message)) = &chat.command {
            assert!(message.text.chars().count() <= MAX_MESSAGE_CHARS && message.mentions.len() <= 50);
        }
        let watch = WatchCommand::parse(&text);
        // What a chat understands, a watch room does, too.
        assert!(chat.command.is_err() || watch.command.is_ok(), "{text}");
        for refusal in [chat.command.err(), watch.command.err()] {
            match refusal {
                None => understood += 1,
                Some(refusal) => {
                    refused += 1;
                    assert_short(refusal, &chat.regarding);
                }
            }
        }
    }
    assert!(understood > 100 && refused > 100, "{understood} were understood, {refused} were not");
}
