//! The audio files that ship with the project, under fixed ids. They are part of the program: no store has to hold them.

use crate::ids::MediaId;

/// An audio file that is always there, for everyone who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct PredefinedAudio {
    /// Its id, as text.
    id: &'static str,
    /// Its file name.
    pub filename: &'static str,
    /// Its bytes: MP3.
    pub bytes: &'static [u8],
}

/// What [`PredefinedAudio::bytes`] are.
pub const CONTENT_TYPE: &str = "audio/mpeg";

/// All of them; `infra/audio/README.md` says how they were made.
pub const ALL: [PredefinedAudio; 3] = [
    PredefinedAudio {
        id: "904cb473-5d17-4885-9363-46f466a7d140",
        filename: "audio_test_1.mp3",
        bytes: include_bytes!("../../../../infra/audio/audio_test_1.mp3"),
    },
    PredefinedAudio {
        id: "fc2fb807-ee87-4c3d-8743-39987ba0670f",
        filename: "audio_test_2.mp3",
        bytes: include_bytes!("../../../../infra/audio/audio_test_2.mp3"),
    },
    PredefinedAudio {
        id: "86b620bc-b1e7-4c90-a562-6d4991c9c15f",
        filename: "audio_test_3.mp3",
        bytes: include_bytes!("../../../../infra/audio/audio_test_3.mp3"),
    },
];

impl PredefinedAudio {
    /// Its id.
    pub fn id(&self) -> Option<MediaId> {
        self.id.parse().ok()
    }
}

/// The file of that id.
pub fn find(id: MediaId) -> Option<&'static PredefinedAudio> {
    ALL.iter().find(|audio| audio.id.parse() == Ok(id))
}
