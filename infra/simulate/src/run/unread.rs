//! What is told as unread is what a person has not read, told from the log by the contract alone.

use serde_json::Value;

use super::simulation::Simulation;
use crate::checks::RoomBook;

impl Simulation {
    pub(super) fn check_unread(&self) {
        let people = self.scene.clients().people.len();
        for person in 0..people {
            let Some(user) =
                self.person(person).filter(|person| person.tokens.is_some()).and_then(|person| person.user)
            else {
                continue;
            };
            for path in ["/api/rooms/", "/api/conversations/"] {
                let (status, rooms) = self.ask(person, path);
                for entry in rooms.as_array().filter(|_| status == 200).into_iter().flatten() {
                    self.check_entry(user, entry);
                }
            }
        }
    }

    fn check_entry(&self, user: u64, entry: &Value) {
        let books = self.scene.ledger.books();
        let code = entry["code"].as_str().unwrap_or_default().to_lowercase();
        let Some(room) = books.rooms.get(&code).filter(|room| room.is_in(user, self.world.now())) else {
            return;
        };
        let told = entry["unread"].as_u64();
        let expected = unread(room, user, self.world.now());
        if told != Some(expected) {
            let what = format_args!("{code}: {user} is told {told:?}, not {expected}");
            self.world.violated("unread is exact", what);
        }
    }
}

/// Others' messages after what somebody has read or said last, those that are deleted not among them.
fn unread(room: &RoomBook, user: u64, now: i64) -> u64 {
    let row = room.members.get(&user).map(|member| &member.row);
    let marked = row.and_then(|row| row.get("last_read")?.as_u64()).unwrap_or(0);
    let messages = room.log.iter().filter(|(_, entry)| entry.kind == "m" && entry.at(now).is_some());
    let said = messages.clone().filter(|(_, entry)| entry.author == Some(user)).map(|(id, _)| *id).max();
    let read = said.unwrap_or(0).max(marked);
    let unread = messages.filter(|(id, entry)| **id > read && entry.deleted_at.is_none());
    u64::try_from(unread.count()).unwrap_or(u64::MAX)
}
