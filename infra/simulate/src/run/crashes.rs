//! Workers that die between two calls of a port.

use serde_json::Value;

use super::simulation::{Simulation, Work};
use crate::kernel::TaskId;

impl Simulation {
    pub(super) fn open_gate(&mut self, id: u64) {
        let Some((task, label)) = self.world.behind(id) else { return };
        if let Some(task) = task {
            self.world.set_current(Some(task));
            let dies = self.world.draw(|chance, faults| chance.one_in(faults.crash));
            self.world.set_current(None);
            if dies {
                return self.crash(task, &label);
            }
            self.world.note(format_args!("t{task} {label}"));
        }
        self.world.open_gate(id);
        self.executor.go_on();
    }

    /// The worker of that work dies, and all that it was at; another one takes its place.
    fn crash(&mut self, task: TaskId, before: &str) {
        let Some(place) = self.tasks.get(&task).map(|(worker, _)| *worker) else { return };
        self.world.note(format_args!("worker {place} dies before t{task} {before}"));
        let lost: Vec<TaskId> =
            self.tasks.iter().filter(|(_, (worker, _))| *worker == place).map(|(task, _)| *task).collect();
        for task in lost {
            self.executor.abandon(task);
            self.world.end(task);
            self.scene.ledger.excuse(task);
            if let Some((_, work)) = self.tasks.remove(&task) {
                self.lost(work);
            }
        }
        let worker = self.new_worker();
        if let Some(kept) = self.workers.get_mut(place) {
            *kept = worker;
        }
    }

    /// Nobody hears what became of that work.
    fn lost(&mut self, work: Work) {
        match work {
            Work::Job(id, _) => {
                self.disturb_greeting(id);
                self.services.queue.not_done(id, None);
            }
            Work::Connect(socket) => self.scene.close(&socket),
            Work::Http(purpose) => self.unanswered(&purpose),
            Work::Message { .. } | Work::Disconnect | Work::Minute => {}
        }
    }

    /// A greeting that was cut off may come again.
    fn disturb_greeting(&self, message: u64) {
        let Some(body) = self.services.queue.body(message) else { return };
        let job: Value = serde_json::from_str(&body).unwrap_or_default();
        if job["job"] == "welcome"
            && let Some(id) = job["connection"].as_str()
            && let Some(socket) = self.scene.clients().sockets.get_mut(id)
        {
            socket.is_greeting_disturbed = true;
        }
    }
}
