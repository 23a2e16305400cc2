"""The driver of augment_cluster, which also tells `clusterSeconds`: those that its cluster takes to start and to stop, or
to join and to leave if it runs already.

Its command line is Python's with augment_cluster, `-m augment_cluster run …`: study.py has augment-cli start it in the
driver's place.
"""

import sys
import time

from augment_cluster import run, summary
from augment_cluster.cluster import Cluster
from augment_cluster.options import parse


class TimedCluster(Cluster):
    seconds = 0.0

    async def open(self, *arguments):
        await self.timed(super().open(*arguments))

    async def close(self):
        await self.timed(super().close())

    async def timed(self, call):
        begin = time.monotonic()
        try:
            await call
        finally:
            TimedCluster.seconds += time.monotonic() - begin


def main():
    facts, run.Cluster = summary.facts, TimedCluster
    summary.facts = lambda *arguments: {**facts(*arguments), "clusterSeconds": TimedCluster.seconds}
    return run.main(parse(sys.argv[3:]))


# Workers on this machine import this file again, under another name.
if __name__ == "__main__":
    sys.exit(main())
