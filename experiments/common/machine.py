"""Facts about the machine of a measurement, without its name or that of any user."""

import contextlib
import datetime
import importlib.metadata
import os
import pathlib
import platform
import re
import statistics
import subprocess
import threading

VERSIONS_OF = [
    "albumentations", "albucore", "opencv-python-headless", "numpy", "scipy", "pillow", "dask", "distributed", "numba",
    "llvmlite", "imagequant", "joblib",
]  # fmt: skip


def cores():
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))


def cpu_model():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def name():
    """Processor and cores, as in the name of a results folder."""
    model = re.sub(r"\(.*?\)|@.*|\bCPU\b|\b\S+-Core\b|\bProcessor\b", " ", cpu_model())
    return f"{'-'.join(re.findall(r'[a-z0-9]+', model.lower()))}-{cores()}cores"


def commit(root):
    """The short hash, marked if files differ from it."""
    git = ["git", "-C", os.fspath(root)]
    found = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    if found.returncode != 0:
        return "nocommit"
    changed = subprocess.run([*git, "diff", "--quiet", "HEAD"]).returncode != 0
    return found.stdout.strip() + ("-changed" if changed else "")


def file_system(folder):
    """The type of the file system that a folder lies on."""
    folder = pathlib.Path(folder).resolve()
    mounts = [line.split()[1:3] for line in pathlib.Path("/proc/mounts").read_text().splitlines()]
    holding = [(len(point), kind) for point, kind in mounts if folder.is_relative_to(point)]
    return max(holding)[1]


def installed_versions():
    """Versions of the packages of the running Python."""
    installed = {distribution.name: distribution.version for distribution in importlib.metadata.distributions()}
    return {package: installed[package] for package in VERSIONS_OF if package in installed}


def facts(root, work):
    """The contents of machine.json: `root` is the repository, `work` the folder that the runs wrote to."""
    return {
        "machine": name(),
        "cpuModel": cpu_model(),
        "cores": cores(),
        "memoryBytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": platform.release().partition("-")[0],
        "system": platform.freedesktop_os_release()["PRETTY_NAME"],
        "fileSystem": file_system(work),
        "loadAverageBefore": round(os.getloadavg()[0], 2),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%MZ"),
        "commit": commit(root),
        "python": platform.python_version(),
        "versions": installed_versions(),
    }


def spread_folders(path):
    """Makes ext4 spread the folders in `path` over the disk; does nothing on other file systems.

    Otherwise the files of a run lie where those of the previous run were, and for each new one ext4 searches all inodes
    that were removed there in the last minutes.
    """
    with contextlib.suppress(OSError):
        subprocess.run(["chattr", "+T", path], stderr=subprocess.DEVNULL, check=False)


class Sensors:
    """Reads frequency and temperature twice a second while its body runs, where the machine tells them."""

    def __enter__(self):
        self.frequencies, self.temperatures, self.ended = [], [], threading.Event()
        self.thread = threading.Thread(target=self.read_until_ended, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def read_until_ended(self):
        while not self.ended.wait(0.5):
            self.frequencies += core_megahertz()
            self.temperatures += zone_celsius()

    def megahertz(self):
        """The mean over all cores; None if unknown or if the body was too short."""
        return statistics.mean(self.frequencies) if self.frequencies else None

    def celsius(self):
        """The most of all zones; None if unknown or if the body was too short."""
        return max(self.temperatures, default=None)


def core_megahertz():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return [float(line.partition(":")[2]) for line in lines if line.startswith("cpu MHz")]


def zone_celsius():
    found = []
    for path in pathlib.Path("/sys/class/thermal").glob("thermal_zone*/temp"):
        with contextlib.suppress(OSError, ValueError):
            found.append(int(path.read_text()) / 1000)
    return found
