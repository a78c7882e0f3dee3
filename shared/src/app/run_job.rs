//! The time of a job has come.

use super::rooms::{arrivals, census, people};
use super::sockets::{check_absence, keep_alive, resume_fan_out};
use super::watch::{gate, host_absence, look_up};
use super::{App, AppError, chat, end_session, heartbeat, mail_link, notify_owner, webhooks, welcome};
use crate::ports::{Broadcast, Job};
use crate::protocol::Timestamp;

/// Does a job. Doing it twice does no harm beyond what the job's documentation says. Whoever has to stop at a moment
/// says so: what a job can leave for later then is left to the queue in time.
pub async fn run_job(app: &App, job: Job, until: Option<Timestamp>) -> Result<(), AppError> {
    match job {
        Job::Welcome { connection } => welcome(app, &connection).await,
        Job::TellCome { room, user } => arrivals::tell_come_later(app, &room, user).await,
        Job::PutOut { room, user } => arrivals::put_out_strangers(app, &room, user).await,
        Job::CountPresent { room } => census::count_present(app, &room).await,
        Job::KeepAlive { connection } => keep_alive::keep_alive(app, &connection).await,
        Job::Announce { room, id } => chat::announce(app, &room, id).await,
        Job::Publish { group, frame } => {
            Ok(app.ports.sender.publish(&group, &Broadcast::same(frame)).await?)
        }
        Job::FanOut { piece } => resume_fan_out::resume_fan_out(app, piece, until).await,
        Job::CheckAbsence { room, user, check } => {
            check_absence::check_absence(app, room, user, &check).await
        }
        Job::OpenGate { room, version } => gate::open_gate(app, &room, version).await,
        Job::LookUpItem { room, item, is_last } => look_up(app, &room, &item, is_last).await,
        Job::LookForHost { room } => host_absence::look_for_host(app, &room).await,
        Job::EndHostGrace { room, absence, host, until } => {
            host_absence::end_grace(app, &room, (host, absence), until).await
        }
        Job::EndSession { identity } => end_session::end_now(app, &identity).await,
        Job::UpdateInRooms { user } => people::update_in_rooms(app, user).await,
        Job::EraseFromRooms { user } => people::erase_from_rooms(app, user).await,
        Job::EraseWords { user, room, after } => chat::erase_words(app, user, &room, after).await,
        Job::TrimLog { room } => chat::trim_log(app, &room).await,
        Job::ClearSaid { identity, is_last } => chat::clear_said(app, &identity, is_last).await,
        Job::TellWebhooks { news } => webhooks::tell_each(app, &news).await,
        Job::CallWebhook { call } => webhooks::call_webhook(app, call).await,
        Job::Mail { link, user } => mail_link::mail_link(app, link, user).await,
        Job::Notify { notice, user } => notify_owner::notify_owner(app, notice, user).await,
        Job::Tick { at } => heartbeat::tick(app, at).await,
    }
}
