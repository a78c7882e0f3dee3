//! Open sockets, the groups that they are in, and who is present.

pub(in crate::store) mod connections;
pub(in crate::store) mod group_pages;
pub(in crate::store) mod group_row;
pub(in crate::store) mod groups;
mod joined_rooms;
mod open_sockets;
pub(in crate::store) mod presence_marks;
mod table_live_counts;

pub use connections::{RoomsOfSocket, SocketRemoval, StoredConnections};
pub use group_pages::GroupPages;
pub use group_row::GroupRow;
pub use groups::{Removal, StoredGroups};
pub use joined_rooms::JoinedRooms;
pub use presence_marks::PresenceMarks;
pub use table_live_counts::TableLiveCounts;
