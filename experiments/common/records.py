"""What an experiment leaves behind: its folder under results/, machine.json, command.txt and its rows."""

import contextlib
import csv
import datetime
import json
import os
import pathlib
import shlex
import sys
import tempfile

import machine

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Rows:
    """A CSV file; each row is kept as soon as it is measured."""

    def __init__(self, path, columns):
        self.columns, self.rows = columns, []
        self.file = path.open("w", newline="")
        self.writer = csv.DictWriter(self.file, columns, lineterminator="\n")
        self.writer.writeheader()
        self.file.flush()

    def add(self, values):
        """`values`: what each column holds; a column that is not among them stays empty."""
        if unknown := set(values) - set(self.columns):
            raise KeyError(f"no column {', '.join(sorted(unknown))}")
        row = {column: cell(values.get(column)) for column in self.columns}
        self.rows.append(row)
        self.writer.writerow(row)
        self.file.flush()
        return row

    def close(self):
        self.file.close()


def yes(truth):
    return "yes" if truth else "no"


def cell(value):
    """Text that is safe in a spreadsheet, which would evaluate anything that begins like a formula."""
    if isinstance(value, float):
        return f"{value:.4f}"
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def relative(text):
    """A path relative to the repository: stored results must not reveal where a user's files are."""
    return os.path.relpath(text, ROOT) if os.path.isabs(text) else text


def read(path):
    """The rows of a CSV file."""
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def add_options(parser):
    """Adds the options that every experiment has."""
    parser.add_argument("--cli", type=pathlib.Path, default=ROOT / ".build/release/augment-cli")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "results")
    parser.add_argument("--work", type=pathlib.Path, help="where the runs write; removed (default: made in $TMPDIR)")


@contextlib.contextmanager
def opened(options, question, script):
    """Makes the folder of the results, described by machine.json and command.txt, and one for the runs to write to."""
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    # Rows of a processor that plays an older one lie beside those of the whole.
    limit = os.environ.get("AUGMENT_INSTRUCTIONS")
    question += f"-{limit}" if limit else ""
    results = options.results / f"{day}-{machine.name()}-{machine.commit(ROOT)}" / question
    results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="augment-bench-", dir=options.work) as work:
        work = pathlib.Path(work)
        machine.spread_folders(work)
        (results / "machine.json").write_text(json.dumps(machine.facts(ROOT, work), indent=2) + "\n")
        command = ["python", relative(os.path.abspath(script)), *map(relative, sys.argv[1:])]
        command[:0] = [f"AUGMENT_INSTRUCTIONS={limit}"] if limit else []
        (results / "command.txt").write_text(shlex.join(command) + "\n")
        yield results, work


def keep_summary(results, text):
    """Writes summary.md and prints it."""
    (results / "summary.md").write_text(text)
    print(text, end="")
    print(f"kept in {results}", file=sys.stderr)
