"""Exit statuses, as augment-cli and the driver use them."""

from __future__ import annotations

DONE = 0
SOME_IMAGES_FAILED = 1
FAILED = 2
USAGE = 64
TRY_AGAIN = 75
NODE_CANNOT = 78
INTERRUPTED = 130
TERMINATED = 143

# A run that was wrong fails everywhere; a second node is asked only to tell it from a fault of the first.
WRONG_EVERYWHERE = frozenset({FAILED, USAGE})


def is_done(status: int | None) -> bool:
    return status in (DONE, SOME_IMAGES_FAILED)


def described(status: int | None) -> str:
    """What to call the end of a task in a sentence."""
    if status is None:
        return "no answer"
    if status < 0 or 128 < status < 192:
        return f"signal {-status if status < 0 else status - 128}"
    return f"status {status}"
