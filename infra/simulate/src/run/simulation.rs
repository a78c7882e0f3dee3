//! One world: what is due happens, work goes on, and from time to time all is quiet.

use std::collections::BTreeMap;
use std::sync::Arc;

use parlor::inbound::{queue, schedule};
use parlor::protocol::Timestamp;

use super::answers::{Done, Outcomes, Purpose};
use super::operations;
use super::plan::Plan;
use super::requests::Request;
use crate::checks::Ledger;
use crate::clients::{Person, Scene};
use crate::kernel::world::Facts;
use crate::kernel::{Chance, Due, Executor, Happening, TaskId, Violation, World};
use crate::ports::{self, Queue, Receipts, Services, Worker};
use crate::table::MemoryTable;

/// How many processes there are at the same time.
const WORKERS: usize = 5;
/// How long a worker has for a job, in milliseconds.
const DEADLINE: i64 = 60_000;

/// A piece of work.
#[derive(Debug, Clone)]
pub(super) enum Work {
    Http(Purpose),
    Connect(String),
    Message { socket: String, saying: Option<usize> },
    Disconnect,
    Job(u64, Arc<Receipts>),
    Minute,
}

/// One world.
pub(crate) struct Simulation {
    pub(super) world: Arc<World>,
    pub(super) scene: Arc<Scene>,
    pub(super) services: Services,
    pub(super) executor: Executor,
    pub(super) workers: Vec<Worker>,
    pub(super) started: u64,
    pub(super) tasks: BTreeMap<TaskId, (usize, Work)>,
    pub(super) outcomes: Outcomes,
    pub(super) plan: Plan,
    pub(super) sockets_opened: usize,
    /// Operations so far.
    pub(super) operations: usize,
    /// Requests that are made later, or were.
    pub(super) put_off: Vec<Request>,
    pub(super) steps: u64,
    pub(super) next_task: TaskId,
    /// Whether everybody sleeps.
    pub(super) is_night: bool,
}

impl Simulation {
    pub(crate) fn new(plan: Plan) -> std::io::Result<Self> {
        let world = Arc::new(World::new(plan.seed));
        let ledger = Arc::new(Ledger::new(Arc::clone(&world)));
        let scene = Arc::new(Scene::new(Arc::clone(&world), Arc::clone(&ledger)));
        let clock = Arc::new(crate::kernel::clock::WorkerClock::new(Arc::clone(&world), 0));
        let table = Arc::new(MemoryTable::new(clock).watched_by(ledger));
        let queue = Arc::new(Queue::new(Arc::clone(&world)));
        let services = Services::new(&world, table, queue, Arc::clone(&scene));
        let executor = Executor::new(Arc::clone(&world))?;
        let mut simulation = Self {
            world,
            scene,
            services,
            executor,
            workers: Vec::new(),
            started: 0,
            tasks: BTreeMap::new(),
            outcomes: Outcomes::default(),
            plan,
            sockets_opened: 0,
            operations: 0,
            put_off: Vec::new(),
            steps: 0,
            next_task: 1_000_000,
            is_night: false,
        };
        for _ in 0..WORKERS {
            let worker = simulation.new_worker();
            simulation.workers.push(worker);
        }
        Ok(simulation)
    }

    pub(super) fn new_worker(&mut self) -> Worker {
        self.started += 1;
        Worker::start(&self.services, 500_000 + self.started)
    }

    pub(super) fn is_over(&self) -> bool {
        self.steps >= self.plan.steps || self.world.violation().is_some()
    }

    pub(crate) fn violation(&self) -> Option<Violation> {
        self.world.violation()
    }

    pub(crate) fn hash(&self) -> u64 {
        self.world.hash()
    }

    pub(crate) fn last_lines(&self, lines: usize) -> Vec<String> {
        self.world.last_lines(lines)
    }

    /// The next thing happens, if anything is due by then.
    pub(super) fn step(&mut self, until: i64) -> bool {
        let Some(due) = self.world.take_due(until) else { return false };
        self.steps += 1;
        match due {
            Due::Gate(id) => self.open_gate(id),
            Due::Happening(happening) => self.happen(happening),
        }
        self.settle();
        true
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Operation(number) => self.operate(number),
            Happening::Collision { number, step } => self.collide(number, step),
            Happening::Asks(number) => self.make_request(number),
            Happening::Says { person, room } => {
                let mut chance = Chance::of(self.plan.seed, self.world.now().unsigned_abs());
                operations::say_in(self, person, &room, &mut chance);
            }
            Happening::Delivery { message, .. } => self.deliver(message),
            Happening::Opened(socket) => self.scene.open(&socket),
            Happening::Disconnected(socket) => self.tell_disconnected(&socket),
            Happening::EchoDue(saying) => self.look_for_echo(saying),
            Happening::GapDue { person, room } => self.look_at_gap(person, room),
            Happening::ComesBack(person) => self.come_back(person),
            Happening::Regrets { person, room } => operations::regret(self, person, &room),
            Happening::TurnsAway(person) => operations::turn_away(self, person),
            Happening::Joins { person, room } => operations::join_room(self, person, &room),
            Happening::Opens { person, room } => operations::open_in(self, person, &room),
            Happening::WritesTo { person, user } => operations::write_to_user(self, person, user),
            Happening::Minute => self.minute(),
        }
    }

    fn deliver(&mut self, message: u64) {
        let Some(given) = self.services.queue.give_out(message) else { return };
        let receipts = Arc::new(Receipts::default());
        let label = format!("job {} ({}): {}", given.id, given.attempt, shortened(&given.body));
        let (task, worker) = self.begin(Work::Job(message, Arc::clone(&receipts)), label, given.is_last);
        let (app, outcomes) = (worker.app, self.outcomes.clone());
        let deadline = u64::try_from(self.world.now() / 1000 + DEADLINE).unwrap_or(0);
        self.executor.begin(task, async move {
            let answer = queue::handle(&app, &*receipts, ports::event(&given), deadline).await;
            let failures = answer.ok().and_then(|answer| Some(answer["batchItemFailures"].as_array()?.len()));
            outcomes.put(task, Done::Job { is_done: failures == Some(0) });
        });
    }

    fn minute(&mut self) {
        // In a night, in which nobody listens, only now and then.
        self.world.schedule(if self.is_night { 5_400_000_000 } else { 60_000_000 }, Happening::Minute);
        let (task, worker) = self.begin(Work::Minute, "a minute has passed".to_owned(), false);
        let (app, outcomes) = (worker.app, self.outcomes.clone());
        self.executor.begin(task, async move {
            let _ = schedule::minute(&app).await;
            outcomes.put(task, Done::Minute);
        });
    }

    /// Notes that work begins, and chooses who does it.
    pub(super) fn begin(&mut self, work: Work, label: String, is_immune: bool) -> (TaskId, Worker) {
        self.next_task += 1;
        let task = self.next_task;
        self.world.begin(task, label, is_immune);
        self.world.set_current(Some(task));
        let place = self.world.draw(|chance, _| chance.below(WORKERS));
        self.world.set_current(None);
        self.tasks.insert(task, (place, work));
        let worker = self.workers.get(place).cloned();
        (task, worker.unwrap_or_else(|| self.new_worker()))
    }

    pub(super) fn outcomes(&self) -> Outcomes {
        self.outcomes.clone()
    }

    /// Clients and queue learn what work has come to.
    fn settle(&mut self) {
        loop {
            let done = self.outcomes.take();
            if done.is_empty() {
                break;
            }
            for (task, done) in done {
                let facts = self.world.end(task);
                if let (Some((_, work)), Some(facts)) = (self.tasks.remove(&task), facts) {
                    if facts.is_refused || facts.is_in_doubt {
                        // What can neither be told now nor later shows in the next event, or sign of life.
                        self.scene.ledger.excuse(task);
                    }
                    self.world.note(format_args!("t{task} ends: {}", told(&done)));
                    self.done(task, work, done, &facts);
                }
            }
        }
        self.tell_of_ended_sockets();
    }

    fn done(&mut self, task: TaskId, work: Work, done: Done, facts: &Facts) {
        match (work, done) {
            (Work::Job(id, receipts), Done::Job { is_done }) => {
                if is_done {
                    self.services.queue.done(id)
                } else {
                    self.services.queue.not_done(id, receipts.pause())
                }
            }
            (Work::Http(purpose), Done::Http { status, body }) => {
                self.answered(purpose, (status, &body), facts);
            }
            (Work::Connect(socket), Done::Connected { context, answer }) => {
                self.handshake_answered(&socket, context, &answer);
            }
            (Work::Message { socket, saying: Some(saying) }, Done::Gateway(_)) if !facts.is_faulted => {
                self.owe_echo(task, socket, saying);
            }
            _ => {}
        }
    }

    pub(super) fn person(&self, place: usize) -> Option<Person> {
        self.scene.clients().people.get(place).cloned()
    }

    pub(super) fn timestamp(&self) -> Timestamp {
        Timestamp::from_micros(self.world.now())
    }
}

fn told(done: &Done) -> String {
    match done {
        Done::Http { status, body } => format!("{status} {}", shortened(&body.to_string())),
        Done::Connected { answer, .. } => format!("handshake {}", answer.status_code),
        Done::Gateway(answer) => answer.status_code.to_string(),
        Done::Job { is_done } => (if *is_done { "done" } else { "failed" }).to_owned(),
        Done::Minute => "planned".to_owned(),
    }
}

pub(super) fn shortened(text: &str) -> &str {
    text.char_indices().nth(140).map_or(text, |(end, _)| &text[..end])
}
