"""A web server that fails on purpose, on a port of this machine, to test downloads with.

    python3 unreliable_server.py IMAGE

It prints two ports on one line, then the path of each request, and serves until its standard input ends. The first
part of a path says what happens: /image/1 sends the image, /down/1 always answers 503. What comes after it is free: a
behaviour that changes with the number of requests counts those with the same path.
"""

import gzip
import itertools
import socket
import struct
import sys
import threading
import time

IMAGE = open(sys.argv[1], "rb").read()
MARKUP = b"<!DOCTYPE html><html><body>Please sign in.</body></html>"
REASONS = {200: "OK", 302: "Found", 404: "Not Found", 429: "Too Many Requests", 503: "Service Unavailable"}


class Request:
    def __init__(self, connection, path, number):
        """`number` counts the requests of this path, from 1."""
        self.connection, self.path, self.number = connection, path, number

    def send(self, data):
        self.connection.sendall(data)

    def head(self, status, *headers):
        self.send(f"HTTP/1.1 {status} {REASONS[status]}\r\n".encode())
        for header in headers:
            self.send(f"{header}\r\n".encode())

    def answer(self, status, body=b"", *headers):
        self.head(status, *headers, f"Content-Length: {len(body)}", "Connection: close")
        self.send(b"\r\n" + body)

    def image(self):
        self.answer(200, IMAGE, "Content-Type: image/jpeg")

    def redirect(self, target):
        self.answer(302, b"", f"Location: {target}")

    def reset(self):
        # With a linger time of 0, closing sends a reset.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def send_forever(self, pieces, pause=0.0):
        for piece in pieces:
            self.send(piece)
            time.sleep(pause)


def once(failure):
    return lambda request: failure(request) if request.number == 1 else request.image()


def cut(request):
    request.head(200, f"Content-Length: {len(IMAGE)}")
    request.send(b"\r\n" + IMAGE[: len(IMAGE) // 2])


def drip(request):
    request.head(200, f"Content-Length: {len(IMAGE)}")
    request.send(b"\r\n")
    request.send_forever((bytes([byte]) for byte in IMAGE), 0.05)


def endless(request):
    request.head(200)
    request.send(b"\r\n")
    request.send_forever(itertools.repeat(bytes(65536)))


def endless_headers(request):
    request.head(200)
    request.send_forever(f"X-{number}: {'x' * 1000}\r\n".encode() for number in itertools.count())


def bomb(request):
    request.answer(200, gzip.compress(bytes(50_000_000)), "Content-Encoding: gzip", "Content-Type: image/jpeg")


BEHAVIOURS = {
    "image": Request.image,
    "missing": lambda request: request.answer(404, MARKUP),
    "down": lambda request: request.answer(503),
    "down-once": once(lambda request: request.answer(503)),
    "down-endlessly": lambda request: (request.head(503), request.send(b"\r\n"),
                                       request.send_forever(itertools.repeat(bytes(65536)))),
    "busy-once": once(lambda request: request.answer(429, b"", "Retry-After: 1")),
    "busy": lambda request: request.answer(429, b"", "Retry-After: 86400"),
    "reset": Request.reset,
    "reset-once": once(Request.reset),
    "nothing": lambda request: None,
    "silent": lambda request: time.sleep(3600),
    "silent-once": once(lambda request: time.sleep(3600)),
    "drip": drip,
    "cut": cut,
    "cut-once": once(cut),
    "html": lambda request: request.answer(200, MARKUP, "Content-Type: image/jpeg"),
    "html-once": once(lambda request: request.answer(200, MARKUP)),
    "half": lambda request: request.answer(200, IMAGE[: len(IMAGE) // 2], "Content-Type: image/jpeg"),
    "empty": lambda request: request.answer(200),
    "endless": endless,
    "huge": lambda request: (request.head(200, "Content-Length: 1000000000000"), request.send(b"\r\n")),
    "long-header": lambda request: request.answer(200, IMAGE, f"X-Long: {'x' * 1_000_000}"),
    "endless-headers": endless_headers,
    "bomb": bomb,
    "loop": lambda request: request.redirect(request.path),
    "here": lambda request: request.redirect("/image/here"),
    "to-file": lambda request: request.redirect("file:///etc/passwd"),
    "to-private": lambda request: request.redirect(f"http://127.0.0.1:{PORTS[1]}/image/1"),
    "to-hidden": lambda request: request.redirect(f"http://[::ffff:127.0.0.1]:{PORTS[1]}/image/1"),
    "to-name": lambda request: request.redirect(f"http://localhost:{PORTS[1]}/image/1"),
    "to-cloud": lambda request: request.redirect("http://0xA9FEA9FE/latest/meta-data"),
    "to-nonsense": lambda request: request.redirect("http://[/"),
}


def read_path(connection):
    head = b""
    while b"\r\n\r\n" not in head:
        part = connection.recv(65536)
        if not part:
            return None
        head += part
    return head.split()[1].decode()


def count(path, counts={}, lock=threading.Lock()):
    with lock:
        print(path, flush=True)
        counts[path] = counts.get(path, 0) + 1
        return counts[path]


def serve(connection):
    with connection:
        try:
            path = read_path(connection)
            if path is not None:
                behaviour = BEHAVIOURS.get(path.split("/")[1], BEHAVIOURS["missing"])
                behaviour(Request(connection, path, count(path)))
        except OSError:
            pass  # the other side has had enough


def accept(listener):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


LISTENERS = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
PORTS = [listener.getsockname()[1] for listener in LISTENERS]

if __name__ == "__main__":
    for listener in LISTENERS:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
    print(*PORTS, flush=True)
    sys.stdin.read()
