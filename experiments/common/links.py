"""Nodes with a network of their own: namespaces behind one bridge, each with a cable that can be cut. Needs root."""

import os
import subprocess


def ip(*words, check=True):
    return subprocess.run(["ip", *map(str, words)], check=check, capture_output=True, text=True)


def why_not():
    """What forbids it; empty if nothing does."""
    try:
        with Network(1):
            return ""
    except (OSError, subprocess.CalledProcessError) as error:
        return (getattr(error, "stderr", "") or str(error)).strip()


class Network:
    """Closed by `with`. Names carry the process id, so that two trials do not meet."""

    def __init__(self, nodes):
        self.nodes, self.mark = nodes, f"ac{os.getpid() % 100_000}"
        # A private /24 that depends on the process, because a second trial may run beside.
        self.base = f"10.213.{os.getpid() % 250 + 1}"

    @property
    def host(self):
        return f"{self.base}.1"

    def address(self, node):
        return f"{self.base}.{node + 2}"

    def space(self, node):
        return f"{self.mark}n{node}"

    def cable(self, node):
        return f"{self.mark}v{node}"

    def prefix(self, node):
        return ["ip", "netns", "exec", self.space(node)]

    def __enter__(self):
        try:
            ip("link", "add", self.mark, "type", "bridge")
            ip("addr", "add", f"{self.host}/24", "dev", self.mark)
            ip("link", "set", self.mark, "up")
            for node in range(self.nodes):
                self.add(node)
        except BaseException:
            self.__exit__()
            raise
        return self

    def add(self, node):
        space, cable = self.space(node), self.cable(node)
        ip("netns", "add", space)
        ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
        ip("link", "set", cable, "master", self.mark)
        ip("link", "set", cable, "up")
        ip("-n", space, "addr", "add", f"{self.address(node)}/24", "dev", "eth0")
        for device in ("eth0", "lo"):
            ip("-n", space, "link", "set", device, "up")

    def __exit__(self, *_):
        for node in range(self.nodes):
            ip("link", "del", self.cable(node), check=False)
            ip("netns", "del", self.space(node), check=False)
        ip("link", "del", self.mark, check=False)

    def down(self, node):
        ip("link", "set", self.cable(node), "down")

    def up(self, node):
        ip("link", "set", self.cable(node), "up")
