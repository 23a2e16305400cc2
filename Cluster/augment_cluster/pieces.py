"""Ranges of shards on their way: those not begun, those to begin again, and how long they take."""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from augment_cluster import ranges
from augment_cluster.events import Rules
from augment_cluster.ranges import Range


@dataclass(eq=False)
class Piece:
    """A range that one task runs."""

    shards: Range
    attempts: int = 0
    ready_at: float = 0
    failed_hosts: list[str] = field(default_factory=list)
    failed_workers: list[str] = field(default_factory=list)
    # For each status that means the run is wrong: where it came.
    wrong: dict[int, list[str]] = field(default_factory=dict)
    running: set[int] = field(default_factory=set)
    duplicated: bool = False

    def split(self) -> list[Piece]:
        return [
            Piece(part, self.attempts, self.ready_at, self.failed_hosts[:], self.failed_workers[:], {
                status: hosts[:] for status, hosts in self.wrong.items()})
            for part in self.shards.singles()]


class Durations:
    """Seconds for a shard, of the latest tasks only: memory does not grow with the run."""

    def __init__(self) -> None:
        self.latest: deque[float] = deque(maxlen=99)
        self.median: float | None = None

    def add(self, seconds: float, shards: int) -> None:
        self.latest.append(seconds / shards)
        self.median = statistics.median(self.latest)

    def known(self) -> bool:
        return len(self.latest) >= 3


class Waiting:
    """What has not begun, cut into tasks only when one begins: by then it is known how long a shard takes."""

    def __init__(self, missing: Iterable[Range], rules: Rules) -> None:
        self.rules = rules
        self.fresh = deque(ranges.joined(missing))
        self.fresh_count = ranges.count(self.fresh)
        self.again: list[Piece] = []

    def __bool__(self) -> bool:
        return bool(self.fresh or self.again)

    def size(self, workers: int, durations: Durations) -> int:
        """Shards of the next task."""
        if self.rules.shards_per_task:
            return self.rules.shards_per_task
        if durations.median is None:
            return 1
        minute = self.rules.task_seconds / max(durations.median, 1e-6)
        return max(1, int(min(minute, self.fresh_count / (self.rules.tasks_per_worker * max(workers, 1)))))

    def cut(self, size: int) -> Piece:
        part, rest = self.fresh.popleft().head(size)
        if rest is not None:
            self.fresh.appendleft(rest)
        self.fresh_count -= part.count
        return Piece(part)

    def ranges(self) -> list[Range]:
        return [*self.fresh, *(piece.shards for piece in self.again)]
