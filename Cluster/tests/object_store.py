"""An S3 store in this process (moto), which may refuse requests, and tells of those that come."""

import os
import threading
import urllib.request

try:
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server
except ImportError:
    make_server = None

BUCKET = "bucket"
SLOW_DOWN = (
    "503 Slow Down", b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>SlowDown</Code>"
    b"<Message>Please reduce your request rate.</Message></Error>")  # fmt: skip
FORBIDDEN = (
    "403 Forbidden", b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>AccessDenied</Code>"
    b"<Message>Access Denied</Message></Error>")  # fmt: skip

WHY_NOT = "" if make_server else "no moto: make deps-cluster installs it"


class ObjectStore:
    def __init__(self):
        class Handler(WSGIRequestHandler):
            def log_request(self, *_):
                """Says nothing."""

        self.lock = threading.Lock()
        self.requests = []
        # Called with each request; what it returns is the answer, `None` leaves that to the store.
        self.fault = lambda method, key: None
        self.application = DomainDispatcherApplication(create_backend_app)
        self.server = make_server("127.0.0.1", 0, self.answer, threaded=True, request_handler=Handler)
        self.url = f"http://127.0.0.1:{self.server.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        # What moto holds outlives its server.
        urllib.request.urlopen(f"{self.url}/moto-api/reset", data=b"").close()
        self.files = self.client()
        self.files.mkdir(BUCKET)

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def environment(self):
        return {
            "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key",
            "AWS_DEFAULT_REGION": "eu-central-1", "AWS_EC2_METADATA_DISABLED": "true",
            # s3fs tries again itself.
            "AWS_MAX_ATTEMPTS": "1"}  # fmt: skip

    def client(self):
        import s3fs

        return s3fs.S3FileSystem(
            key="id", secret="key", endpoint_url=self.url, client_kwargs={"region_name": "eu-central-1"},
            use_listings_cache=False, skip_instance_cache=True)

    def answer(self, environ, start):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode()  # as WSGI has it
        key = path.removeprefix(f"/{BUCKET}/")
        with self.lock:
            self.requests.append((method, key))
        if fault := self.fault(method, key):
            status, body = fault
            start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
            return [body]
        return self.application(environ, start)

    def upload(self, folder, prefix):
        for inner, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(inner, name)
                self.files.put_file(path, f"{BUCKET}/{prefix}/{os.path.relpath(path, folder)}")

    def tree(self, prefix):
        """Contents by names, without the record."""
        return {name: self.files.cat_file(f"{BUCKET}/{prefix}/{name}") for name in self.names(prefix)
                if not name.startswith(".augment/")}  # fmt: skip

    def names(self, prefix):
        return sorted(path.removeprefix(f"{BUCKET}/{prefix}/") for path in self.files.find(f"{BUCKET}/{prefix}"))

    def unfinished(self):
        """How many objects were begun in parts, and neither completed nor given up."""
        return len(self.files.call_s3("list_multipart_uploads", Bucket=BUCKET).get("Uploads", []))

    def manifests(self, prefix):
        return [name for name in self.names(prefix) if name.startswith(".augment/shards/")]

    def puts(self, prefix):
        with self.lock:
            return [key.removeprefix(f"{prefix}/") for method, key in self.requests
                    if method == "PUT" and key.startswith(f"{prefix}/")]  # fmt: skip
