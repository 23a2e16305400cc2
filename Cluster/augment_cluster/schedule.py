"""Which range runs where, and what follows from each end: events in, actions out, and no clock of its own.

A worker gets a task only when it is free: whatever waits at a busy worker would wait for good if that worker hangs. The
pause between two of its tasks is a few milliseconds, of tasks that take seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from augment_cluster import ranges, statuses
from augment_cluster.events import Action, Cancel, Outcome, Retire, Rules, Stop, Submit, WorkerFacts
from augment_cluster.nodes import Nodes, Worker
from augment_cluster.pieces import Durations, Piece, Waiting
from augment_cluster.ranges import Range


@dataclass(frozen=True)
class Running:
    piece: Piece
    worker: str
    host: str
    begin: float


@dataclass
class Counts:
    tasks: int = 0
    shards: int = 0
    images: int = 0
    copies: int = 0
    failed_images: int = 0
    retries: int = 0
    duplicates: int = 0
    # Nodes where at least one task was done.
    hosts: set[str] = field(default_factory=set)


class Schedule:
    def __init__(self, missing: Iterable[Range], rules: Rules, now: float) -> None:
        self.rules = rules
        self.waiting = Waiting(missing, rules)
        self.total = self.waiting.fresh_count
        self.nodes = Nodes(rules)
        self.durations = Durations()
        self.counts = Counts()
        self.running: dict[int, Running] = {}
        self.given_up: list[Range] = []
        self.given_up_in_a_row = 0
        self.last_failure = ""
        self.next_attempt = 0
        self.worker_seen_at = now
        self.stopped: Stop | None = None

    @property
    def finished(self) -> bool:
        return self.stopped is not None or not (self.waiting or self.running)

    def missing(self) -> list[Range]:
        running = [run.piece.shards for run in self.running.values()]
        return ranges.joined([*self.waiting.ranges(), *running, *self.given_up])

    # Events

    def workers(self, now: float, known: Mapping[str, WorkerFacts]) -> list[Action]:
        """All workers that the scheduler knows now."""
        actions: list[Action] = []
        for gone in self.nodes.update(known):
            for attempt in sorted(gone.running):
                actions.append(Cancel(attempt))
                actions += self.end(now, attempt, Outcome(None, reason="the worker is gone"))
        return actions + self.tick(now)

    def ended(self, now: float, attempt: int, outcome: Outcome) -> list[Action]:
        """An attempt has an outcome; one that was cancelled meanwhile is ignored."""
        return self.end(now, attempt, outcome) + self.tick(now)

    def tick(self, now: float) -> list[Action]:
        """Time has passed."""
        actions: list[Action] = []
        if self.finished:
            return actions
        for attempt, run in list(self.running.items()):
            if self.rules.time_limit is not None and now > run.begin + self.rules.time_limit + self.rules.grace:
                self.worker(run.worker).stuck = True
                actions.append(Cancel(attempt))
                actions += self.end(now, attempt, Outcome(None, reason="the worker does not answer"))
        return actions + self.check(now) + self.place(now)

    # Ends of attempts

    def end(self, now: float, attempt: int, outcome: Outcome) -> list[Action]:
        run = None if self.stopped else self.running.pop(attempt, None)
        if run is None:
            return []
        run.piece.running.discard(attempt)
        if run.worker in self.nodes.workers:
            self.nodes.workers[run.worker].running.discard(attempt)
        if statuses.is_done(outcome.status):
            return self.done(run, outcome)
        if outcome.status == statuses.NODE_CANNOT:
            return self.refused(now, run, outcome)
        return self.failed(now, run, outcome)

    def done(self, run: Running, outcome: Outcome) -> list[Action]:
        self.nodes.succeeded(run.host)
        self.given_up_in_a_row = 0
        self.durations.add(outcome.seconds, run.piece.shards.count)
        counts = self.counts
        counts.tasks += 1
        counts.shards += run.piece.shards.count
        counts.images += images_done(outcome)
        counts.copies += number(outcome, "copies")
        counts.failed_images += number(outcome, "imagesFailed")
        counts.hosts.add(run.host)
        return self.cancel_others(run.piece)

    def cancel_others(self, piece: Piece) -> list[Action]:
        """The first result counts; equal bytes make the other harmless."""
        actions: list[Action] = []
        for other in sorted(piece.running):
            run = self.running.pop(other)
            if run.worker in self.nodes.workers:
                self.nodes.workers[run.worker].running.discard(other)
            actions.append(Cancel(other))
        piece.running.clear()
        return actions

    def refused(self, now: float, run: Running, outcome: Outcome) -> list[Action]:
        """The fault of the node, so it is no attempt of the shards."""
        actions: list[Action] = []
        if self.nodes.refused(run.host, outcome):
            addresses = tuple(worker.address for worker in self.nodes.of(run.host))
            actions.append(Retire(run.host, addresses, self.nodes.last_refusal))
        self.again(run, now)
        return actions

    def failed(self, now: float, run: Running, outcome: Outcome) -> list[Action]:
        piece = run.piece
        self.last_failure = f"{statuses.described(outcome.status)} on {run.host}: {outcome.sentence or 'no message'}"
        # A worker that is gone takes its failures with it: its node may be fine.
        if outcome.status is not None or outcome.reason == "time limit":
            self.nodes.failed(now, run.host)
        if outcome.status in statuses.WRONG_EVERYWHERE:
            hosts = piece.wrong.setdefault(outcome.status, [])
            hosts.append(run.host)
            others = self.nodes.usable_hosts() - set(hosts)
            if len(set(hosts)) > 1 or (len(hosts) > 1 and not others):
                self.given_up.append(piece.shards)
                return self.stop(outcome.status, outcome.errors.strip() or self.last_failure)
        piece.attempts += 1
        if piece.running:  # its other copy goes on
            return []
        if piece.attempts >= self.rules.attempts:
            return self.give_up(piece)
        self.counts.retries += 1
        self.again(run, now + min(self.rules.back_off * 2 ** (piece.attempts - 1), self.rules.longest_back_off))
        return []

    def again(self, run: Running, ready_at: float) -> None:
        piece = run.piece
        piece.failed_hosts.append(run.host)
        piece.failed_workers.append(run.worker)
        piece.ready_at, piece.duplicated = ready_at, False
        if piece.running:
            return
        # One bad shard must not use up the attempts of its neighbours.
        self.waiting.again += piece.split() if piece.attempts > 1 and piece.shards.count > 1 else [piece]

    def give_up(self, piece: Piece) -> list[Action]:
        self.given_up.append(piece.shards)
        self.given_up_in_a_row += 1
        if self.given_up_in_a_row >= self.rules.hopeless and self.waiting:
            return self.stop(statuses.TRY_AGAIN, f"nothing succeeds any more; the last was {self.last_failure}")
        return []

    def stop(self, status: int, sentence: str) -> list[Action]:
        cancelled: list[Action] = [Cancel(attempt) for attempt in sorted(self.running)]
        self.stopped = Stop(status, sentence)
        return [*cancelled, self.stopped]

    # Places

    def check(self, now: float) -> list[Action]:
        """Whether there is any worker to wait for."""
        if self.nodes.usable_hosts():
            self.worker_seen_at = now
            return []
        if self.nodes.all_out():
            return self.stop(statuses.NODE_CANNOT, f"no node can do it: {self.nodes.last_refusal}")
        if now > self.worker_seen_at + self.rules.wait:
            return self.stop(statuses.TRY_AGAIN, f"no worker for {self.rules.wait:g} s")
        return []

    def place(self, now: float) -> list[Action]:
        if self.stopped:
            return []
        actions: list[Action] = []
        while idle := self.nodes.idle(now):
            submit = self.place_again(now, idle) or self.place_fresh(now, idle) or self.duplicate(now, idle)
            if submit is None:
                break
            actions.append(submit)
        return actions

    def place_again(self, now: float, idle: list[Worker]) -> Submit | None:
        for piece in self.waiting.again:
            if piece.ready_at <= now and (worker := self.elsewhere(piece, idle)):
                self.waiting.again.remove(piece)
                return self.submit(now, piece, worker)
        return None

    def elsewhere(self, piece: Piece, idle: list[Worker]) -> Worker | None:
        """An idle worker of a node where it has not failed; if there is such a node but it is busy, none."""
        if self.nodes.usable_hosts() - set(piece.failed_hosts):
            return next((worker for worker in idle if worker.host not in piece.failed_hosts), None)
        return min(idle, key=lambda worker: (
            piece.failed_workers.count(worker.address), piece.failed_hosts.count(worker.host)))

    def place_fresh(self, now: float, idle: list[Worker]) -> Submit | None:
        if not self.waiting.fresh:
            return None
        workers = sum(worker.slots for worker in self.nodes.workers.values() if self.nodes.usable(worker))
        return self.submit(now, self.waiting.cut(self.waiting.size(workers, self.durations)), idle[0])

    def duplicate(self, now: float, idle: list[Worker]) -> Submit | None:
        """A second copy of what runs too long, when nothing else waits."""
        if self.waiting or not self.durations.known():
            return None
        for run in self.running.values():
            usual = self.durations.median * run.piece.shards.count
            late = now - run.begin > max(self.rules.straggler * usual, self.rules.straggler_least)
            if run.piece.duplicated or not late:
                continue
            others = [worker for worker in idle if worker.address != run.worker]
            # Another node if there is one: what is slow is seldom one process.
            if others := sorted(others, key=lambda worker: worker.host == run.host):
                run.piece.duplicated = True
                self.counts.duplicates += 1
                return self.submit(now, run.piece, others[0])
        return None

    def submit(self, now: float, piece: Piece, worker: Worker) -> Submit:
        attempt = self.next_attempt
        self.next_attempt += 1
        self.running[attempt] = Running(piece, worker.address, worker.host, now)
        piece.running.add(attempt)
        worker.running.add(attempt)
        return Submit(attempt, piece.shards, worker.address)

    def worker(self, address: str) -> Worker:
        return self.nodes.workers.get(address) or Worker(address, "", 0)


def number(outcome: Outcome, name: str) -> int:
    """A count that the program printed; 0 for one it did not."""
    value = outcome.said.get(name, 0)
    return value if isinstance(value, int) else 0


def images_done(outcome: Outcome) -> int:
    """Those of shards that were done before are counted by the program, but are no work of this run."""
    images, copies, skipped = (number(outcome, name) for name in ("images", "copies", "skipped"))
    return round(images * copies / (copies + skipped)) if skipped else images
