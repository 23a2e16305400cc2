"""What the schedule is told, and what it answers. Neither knows Dask, so that tests need no cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from augment_cluster.ranges import Range


@dataclass(frozen=True)
class WorkerFacts:
    """One worker process: several threads change nothing, because the program uses all cores of its node."""

    host: str
    slots: int = 1


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended. Without a status the program has told nothing: killed, cut off, or too late."""

    status: int | None
    said: Mapping[str, Any] = field(default_factory=dict)
    errors: str = ""
    reason: str = ""
    seconds: float = 0

    @property
    def sentence(self) -> str:
        lines = self.errors.strip().splitlines()
        return lines[-1].strip() if lines else self.reason


@dataclass(frozen=True)
class Submit:
    attempt: int
    shards: Range
    worker: str


@dataclass(frozen=True)
class Cancel:
    attempt: int


@dataclass(frozen=True)
class Retire:
    host: str
    workers: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Stop:
    """No more is begun; what runs is cancelled."""

    status: int
    sentence: str


Action = Submit | Cancel | Retire | Stop


@dataclass(frozen=True)
class Rules:
    """The numbers of the schedule; seconds where no unit is named."""

    attempts: int = 4
    shards_per_task: int | None = None
    time_limit: float | None = None
    # How long to do without any worker.
    wait: float = 120
    # A task shorter than this pays too much for its start, one much longer is a lot to do again.
    task_seconds: float = 60
    # Fewer tasks than this on a worker leave the others idle at the end.
    tasks_per_worker: int = 20
    back_off: float = 1
    longest_back_off: float = 60
    # Of the median; below the least, a copy costs more than waiting.
    straggler: float = 1.5
    straggler_least: float = 5
    # After its time limit a program has this long to die, and its worker to say so.
    grace: float = 30
    refusals: int = 2
    # So many ranges given up without one done between them: it is not the ranges.
    hopeless: int = 3
