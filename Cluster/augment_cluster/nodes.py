"""What is known of each node, which is a host with one or more workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from augment_cluster.events import Outcome, Rules, WorkerFacts


@dataclass
class Worker:
    address: str
    host: str
    slots: int
    running: set[int] = field(default_factory=set)
    # It did not answer in time: what it was asked to do next would wait behind what it cannot end.
    stuck: bool = False


@dataclass
class Node:
    host: str
    refusals: int = 0
    # One that fails at once would take all that waits; so it rests, longer each time, until something is done there.
    failures: int = 0
    rests_until: float = 0
    out: bool = False
    # Workers that came after the node went out: perhaps somebody has mended it. They are tried once.
    probing: bool = False
    probed: bool = False


class Nodes:
    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.workers: dict[str, Worker] = {}
        self.by_host: dict[str, Node] = {}
        self.last_refusal = ""

    def update(self, known: Mapping[str, WorkerFacts]) -> list[Worker]:
        """Takes what the scheduler says, and returns the workers that are gone."""
        gone = [worker for address, worker in self.workers.items() if address not in known]
        for worker in gone:
            del self.workers[worker.address]
        for address, facts in known.items():
            if address not in self.workers:
                self.join(Worker(address, facts.host, facts.slots))
        return gone

    def join(self, worker: Worker) -> None:
        self.workers[worker.address] = worker
        node = self.by_host.setdefault(worker.host, Node(worker.host))
        if node.out and not node.probed:
            node.probing = node.probed = True

    def of(self, host: str) -> list[Worker]:
        return [worker for worker in self.workers.values() if worker.host == host]

    def usable(self, worker: Worker) -> bool:
        """Whether it gets anything at all, now or later."""
        node = self.by_host[worker.host]
        return not worker.stuck and (not node.out or node.probing)

    def usable_hosts(self) -> set[str]:
        return {worker.host for worker in self.workers.values() if self.usable(worker)}

    def idle(self, now: float) -> list[Worker]:
        """Workers that may begin a task now, those of the least busy nodes first."""
        busy = {host: 0 for host in self.by_host}
        for worker in self.workers.values():
            busy[worker.host] += len(worker.running)
        found = []
        for worker in self.workers.values():
            node = self.by_host[worker.host]
            if not self.usable(worker) or len(worker.running) >= worker.slots or now < node.rests_until:
                continue
            if not (node.probing and busy[worker.host]):
                found.append(worker)
        return sorted(found, key=lambda worker: (self.by_host[worker.host].failures, busy[worker.host]))

    def succeeded(self, host: str) -> None:
        node = self.by_host[host]
        node.failures, node.rests_until = 0, 0
        if node.probing:
            node.out = node.probing = node.probed = False
            node.refusals = 0

    def failed(self, now: float, host: str) -> None:
        node = self.by_host[host]
        node.failures += 1
        # The first failure may be the fault of the shard.
        if node.failures > 1:
            seconds = self.rules.back_off * 2 ** min(node.failures, 16)
            node.rests_until = now + min(seconds, 5 * self.rules.longest_back_off)

    def refused(self, host: str, outcome: Outcome) -> bool:
        """Whether the node is out now, by this answer."""
        node = self.by_host[host]
        node.refusals += 1
        self.last_refusal = outcome.sentence or "the program refuses to run there"
        if node.probing or (node.refusals >= self.rules.refusals and not node.out):
            node.out, node.probing = True, False
            return True
        return False

    def all_out(self) -> bool:
        return bool(self.by_host) and all(node.out and not node.probing for node in self.by_host.values())

    def out(self) -> list[str]:
        return sorted(node.host for node in self.by_host.values() if node.out)
