"""Makes the tables for the rows of study.py: study_summary.py RUNS.CSV STARTS.CSV prints them."""

import os
import pathlib
import statistics
import sys

sys.path.insert(1, os.fspath(pathlib.Path(__file__).resolve().parent.parent / "common"))

import figures  # noqa: E402
import records  # noqa: E402

DASK, POOL = "original study's way", "pool"
LOCAL, STAYS_UP = "shards, cluster for the run", "shards, cluster stays up"
SHARD, DONE_BEFORE, VERSION, ALONE = "shard of 1 image", "shard done before", "version", "1 image without shard"
AIM = 0.95
# Cores that others may use before a reader must be told.
CROWD = 0.1

HEAD = """# Anonymising on a Dask cluster

`anonymize` with a Gaussian blur of 61 × 61, sigma 10, of images of {size} pixels, on one machine of {cores} cores; the
sides alternate. Medians, with the least and the most. {failures}
{load}

| side | what it is |
|---|---|
| {DASK} | OpenCV in tasks of 4 images on `LocalCluster`, one process and one thread a worker |
| {POOL} | `augment-cli anonymize --ranks N`, no cluster |
| {LOCAL} | `augment-cli anonymize --ranks 1 --shards … --cluster local:N` |
| {STAYS_UP} | the same with the address of a scheduler and N workers that were started, and had done something, before |

`*`: more ranks than cores. Whole: the command from its start to its end, with interpreter and imports. Cluster: its start
and stop within that; of one that stays up, to join and to leave it. Work: what the program itself tells, without the
cluster: of the original study's way from the first image to the last file; of the pool with its processes; of shards
from the plan until it is closed. CPU: milliseconds of all processes for one image, the start of a cluster for the run
included. Others: cores that other programs used meanwhile, median. Ratios and shares are those of the medians, with the
least and the most of equal repetitions.
"""
SECONDS = [
    "side", ">ranks", ">shards", ">runs", ">whole s", ">images/s", ">cluster s", ">without cluster s", ">images/s",
    ">work s", ">CPU", ">others",
]  # fmt: skip
RATIOS = [">ranks", "side", ">whole", ">without cluster", ">work"]
SHARES = ["side", ">ranks", ">whole", ">without cluster", ">work"]
TIMES = ("whole", "without", "work")


def seconds_of(row, time):
    if time == "work":
        return float(row["workSeconds"])
    cluster = float(row["clusterSeconds"] or 0) if time == "without" else 0
    return float(row["wholeSeconds"]) - cluster


class Part:
    """The runs of one part, accessible by side and ranks."""

    def __init__(self, rows, name):
        self.rows = [row for row in rows if row["part"] == name and row["outcome"] == "ok"]
        self.keys = list(dict.fromkeys((row["side"], row["ranks"]) for row in self.rows))
        self.images = int(self.rows[0]["images"]) if self.rows else 0

    def of(self, key):
        return [row for row in self.rows if (row["side"], row["ranks"]) == key]

    def seconds(self, key, time="whole"):
        """By repetition."""
        return {row["repetition"]: seconds_of(row, time) for row in self.of(key)}

    def ranks(self, key):
        return key[1] + ("*" if self.of(key)[0]["moreRanksThanCores"] == "yes" else "")

    def ratios(self, numerator, denominator):
        return [figures.ratio(self.seconds(numerator, time), self.seconds(denominator, time)) for time in TIMES]


def side_lines(part):
    for key in part.keys:
        rows = part.of(key)
        whole, without, work = (part.seconds(key, time).values() for time in TIMES)
        rates = [f"{part.images / statistics.median(values):.1f}" for values in (whole, without)]
        cluster = [float(row["clusterSeconds"]) for row in rows if row["clusterSeconds"]]
        others = statistics.median(float(row["othersSeconds"]) / float(row["wholeSeconds"]) for row in rows)
        cells = [figures.spread(cluster) if cluster else "", figures.spread(without), rates[1], figures.spread(work)]
        cells += [cpu_milliseconds(rows, part), f"{others:.2f}"]
        yield [key[0], part.ranks(key), rows[0]["shards"], len(rows), figures.spread(whole), rates[0], *cells]


def cpu_milliseconds(rows, part):
    return f"{1000 * statistics.median(float(row['processorSeconds']) for row in rows) / part.images:.0f}"


def ratio_lines(part):
    peer = next((key for key in part.keys if key[0] == DASK), None)
    for key in part.keys:
        if peer and key[0] != DASK:
            yield [part.ranks(key), key[0], *part.ratios(peer, key)]


def share_lines(part):
    """The throughput of shards, as a share of that of the pool on as many ranks."""
    for key in part.keys:
        pool = (POOL, key[1])
        if key[0] in (LOCAL, STAYS_UP) and pool in part.keys:
            yield [key[0], part.ranks(key), *part.ratios(pool, key)]


def milliseconds(starts, planned, what, column="milliseconds"):
    """By repetition."""
    return {
        row["repetition"]: float(row[column]) for row in starts
        if (row["plannedImages"], row["what"], row["outcome"]) == (planned, what, "ok")
    }  # fmt: skip


def start_lines(starts, column="milliseconds"):
    for planned in dict.fromkeys(row["plannedImages"] for row in starts):
        each = {what: milliseconds(starts, planned, what, column) for what in (VERSION, DONE_BEFORE, SHARD, ALONE)}
        if all(each.values()):
            yield [planned, *(figures.spread(values.values(), digits=1) for values in each.values())]


def findings(job, long, starts):
    """Only what the rows show."""
    sentences = [job_finding(job), long_finding(long), start_finding(starts)]
    return "".join(f"- {sentence}\n" for sentence in sentences if sentence)


def job_finding(part):
    peer = next((key for key in part.keys if key[0] == DASK), None)
    if not peer:
        return ""
    times = [
        f"{part.ratios(peer, key)[0]} ({key[0]})" for key in ((LOCAL, peer[1]), (STAYS_UP, peer[1]), (POOL, peer[1]))
        if key in part.keys]  # fmt: skip
    return f"On {part.ranks(peer)} workers or ranks, times as fast as the {DASK}, by whole seconds: {', '.join(times)}."


def long_finding(part):
    key = next((key for key in part.keys if key[0] == LOCAL), None)
    if not key or (POOL, key[1]) not in part.keys:
        return ""
    whole, without, work = part.ratios((POOL, key[1]), key)
    middles = [statistics.median(part.seconds(one, "without").values()) for one in ((POOL, key[1]), key)]
    reached = "reached" if middles[0] / middles[1] >= AIM else "not reached"
    return (
        f"In long shards, {part.ranks(key)} workers have {whole} of the pool's throughput by whole seconds, {without} "
        f"without the start and stop of the cluster, {work} by work: the aim of {AIM} is {reached} without them.")


def start_finding(starts):
    each = [
        f"{shard} ms in a plan of {int(planned):,} images, where one done before takes {done} and `--version` {version}"
        for planned, version, done, shard, _ in start_lines(starts)]  # fmt: skip
    return f"A shard of one small image takes {'; '.join(each)}." if each else ""


def tables(rows, starts):
    """`rows`, `starts`: dictionaries with the columns of runs.csv and starts.csv, in the order of the runs."""
    job, long = Part(rows, "job"), Part(rows, "long")
    if not job.rows:
        return f"# Anonymising on a Dask cluster\n\nNo run of the job succeeded.\n{start_text(starts)}"
    text = HEAD.format(
        size=f"{rows[0]['widthPixels']} × {rows[0]['heightPixels']}", cores=cores(rows),
        failures=failures(rows, starts), load=load(rows), DASK=DASK, POOL=POOL, LOCAL=LOCAL, STAYS_UP=STAYS_UP)
    text += f"\n## Findings\n\n{findings(job, long, starts)}"
    text += f"\n## The original study's job: {job.images} images\n\n{figures.table(SECONDS, side_lines(job))}"
    text += f"\n### Times as fast as the {DASK}\n\n{figures.table(RATIOS, ratio_lines(job))}"
    text += "\n### Throughput as a share of the pool's on as many ranks\n\n"
    text += figures.table(SHARES, share_lines(job))
    text += f"\n## Long shards: {long.images} images\n\n{figures.table(SECONDS, side_lines(long))}"
    text += f"\n### Throughput as a share of the pool's (aim: {AIM})\n\n{figures.table(SHARES, share_lines(long))}"
    return text + start_text(starts)


def start_text(starts):
    size = f"{starts[0]['widthPixels']} × {starts[0]['heightPixels']}"
    heads = [">images planned", ">`--version`", ">shard done before", ">shard of 1 image", ">1 image without shard"]
    return (
        f"\n## What a shard costs\n\nMilliseconds of the command, `--ranks 1`, an image of {size}; medians of "
        f"{len({row['repetition'] for row in starts})} runs.\n\n{figures.table(heads, start_lines(starts))}"
        "\nThe same, processor milliseconds of the command and its processes:\n\n"
        f"{figures.table(heads, start_lines(starts, 'processorMilliseconds'))}")


def cores(rows):
    return max((int(row["ranks"]) for row in rows if row["moreRanksThanCores"] == "no"), default=1)


def failures(rows, starts):
    failed = sum(row["outcome"] != "ok" for row in [*rows, *starts])
    again = sum(int(row["retries"] or 0) + int(row["duplicates"] or 0) for row in rows)
    return f"Runs that failed, and are left out: {failed} of {len(rows) + len(starts)}; tasks run again: {again}."


def load(rows):
    loads = [float(row["loadBefore"]) for row in rows]
    others = statistics.median(float(row["othersSeconds"]) / float(row["wholeSeconds"]) for row in rows)
    text = f"Load average before a run: {min(loads):.1f} to {max(loads):.1f}, this experiment's own included."
    if others > CROWD:
        text += f" **The machine was not idle: other programs used {others:.2f} of its {cores(rows)} cores meanwhile.**"
    return text


def main():
    print(tables(*map(records.read, sys.argv[1:3])), end="")


if __name__ == "__main__":
    main()
