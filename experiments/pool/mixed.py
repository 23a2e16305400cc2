"""Tasks of mixed lengths, which sleep, and the least seconds that they can take.

Sources/pool-bench/MixedScenarios.swift has the same lengths.
"""

import collections.abc
import dataclasses
import heapq

# A task that hangs; its pool ends before it does.
HANGING_SECONDS = 60
# How long to wait for a map beside such a task.
LIMIT_SECONDS = 5


@dataclasses.dataclass(frozen=True)
class Mix:
    workers: int
    tasks: int
    seconds: collections.abc.Callable  # by task index
    hanging: int = 0  # workers that only hang

    def lengths(self, tasks):
        return [self.seconds(index) for index in range(tasks)]

    def ideal_seconds(self):
        return ideal_seconds(self.lengths(self.tasks), self.workers - self.hanging)


MIXES = {
    "every-fourth": Mix(4, 40, lambda index: 0.3 if index % 4 == 3 else 0.01),
    "long-first": Mix(4, 401, lambda index: 0.4 if index == 0 else 0.002),
    "hanging": Mix(3, 30, lambda index: 0.01, hanging=1),
}


def mix(scenario):
    """The mix of a scenario such as `long-first-default`; None if it has none."""
    return MIXES.get(scenario.removesuffix("-chunk-1").removesuffix("-default"))


def ideal_seconds(lengths, workers):
    """Greedy list scheduling: each task, in the order of the tasks, goes to the worker that is free first, at no cost.

    A pool that takes the tasks in order, one at a time, cannot do better; another order may be a little shorter.
    """
    free = [0.0] * workers  # when each worker becomes free; a heap
    for length in lengths:
        heapq.heapreplace(free, free[0] + length)
    return max(free)
