"""Runs of consecutive shards, and their text: `7` or `7-9`, counted from 0, both ends included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Range(NamedTuple):
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def head(self, count: int) -> tuple[Range, Range | None]:
        """The first `count` shards, and the rest if there is any."""
        if count >= self.count:
            return self, None
        return Range(self.first, self.first + count - 1), Range(self.first + count, self.last)

    def singles(self) -> list[Range]:
        return [Range(shard, shard) for shard in range(self.first, self.last + 1)]


def parsed(text: str) -> Range:
    first, dash, last = text.partition("-")
    found = Range(int(first), int(last if dash else first))
    if not 0 <= found.first <= found.last:
        raise ValueError(f"no range of shards: {text!r}")
    return found


def joined(ranges: Iterable[Range]) -> list[Range]:
    """Sorted, with neighbours and overlaps made one."""
    whole: list[Range] = []
    for part in sorted(ranges):
        if whole and part.first <= whole[-1].last + 1:
            whole[-1] = Range(whole[-1].first, max(whole[-1].last, part.last))
        else:
            whole.append(part)
    return whole


def count(ranges: Iterable[Range]) -> int:
    return sum(part.count for part in ranges)


def listed(ranges: Iterable[Range], most: int = 20) -> str:
    """For a sentence; a long list is cut, because `status` tells it whole."""
    texts = [str(part) for part in joined(ranges)]
    more = f" and {len(texts) - most} more ranges" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more
