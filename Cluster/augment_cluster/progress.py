"""The line that tells how far the run is."""

from __future__ import annotations

import sys
import time

from augment_cluster.schedule import Schedule

TERMINAL_SECONDS = 0.1
LOG_SECONDS = 30


class Progress:
    def __init__(self, quiet: bool, done_before: int, shards: int) -> None:
        self.terminal = sys.stderr.isatty()
        self.quiet, self.done_before, self.shards = quiet, done_before, shards
        self.begin = self.shown_at = time.monotonic()
        self.shown = False

    def show(self, schedule: Schedule) -> None:
        now = time.monotonic()
        if self.quiet or now < self.shown_at + (TERMINAL_SECONDS if self.terminal else LOG_SECONDS):
            return
        self.shown_at, self.shown = now, True
        text = self.text(schedule, now - self.begin)
        before, after = ("\r\033[K", "") if self.terminal else ("", "\n")
        print(before + text, end=after, file=sys.stderr, flush=True)

    def text(self, schedule: Schedule, seconds: float) -> str:
        counts = schedule.counts
        parts = [
            f"shards {self.done_before + counts.shards:,}/{self.shards:,}",
            f"{len(schedule.nodes.usable_hosts())} nodes, {len(schedule.running)} running",
            f"{counts.images / max(seconds, 1e-6):,.0f} images/s",
        ]
        if counts.retries:
            parts.append(f"{counts.retries} run again")
        if counts.shards:
            left = (schedule.total - counts.shards) * seconds / counts.shards
            parts.append(f"{left:,.0f} s left" if left < 120 else f"{left / 60:,.0f} min left")
        return ", ".join(parts)

    def clear(self) -> None:
        """Before something else is printed."""
        if self.shown and self.terminal and not self.quiet:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
