"""A gunicorn of our own for one measurement, its CPU time, and a client that stays signed in."""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    port: int
    pid: int
    environment: dict[str, str]

    def cpu_seconds(self) -> float:
        """User and system time of the master and its workers so far, and of their PostgreSQL backends."""
        pids = [self.pid, *_children(self.pid)]
        url = urlsplit(self.environment.get("DATABASE_URL", ""))
        if url.scheme.startswith("postgres"):
            pids += _backends(url.path.removeprefix("/"))
        return sum(_ticks(pid) for pid in pids) / TICK

    def memory_mb(self) -> float:
        """Of the largest worker, at its peak."""
        peaks = [
            re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
            for pid in _children(self.pid)
        ]
        return max(int(peak[1]) / 1024 for peak in peaks if peak)


@contextmanager
def serving(database_url: str = "", workers: int = 2, threads: int = 4) -> Iterator[Server]:
    """An empty, migrated installation under gunicorn, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="aigap-bench-") as folder:
        environment = fresh_environment(folder, database_url)
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        with running(environment, workers, threads) as server:
            yield server


def fresh_environment(folder: str, database_url: str = "") -> dict[str, str]:
    port = _free_port()
    return os.environ | {
        "AIGAP_DATA_DIR": folder,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "AIGAP_DEMO": "0",
        "PORT": str(port),
    }


@contextmanager
def running(environment: dict[str, str], workers: int = 2, threads: int = 4) -> Iterator[Server]:
    address = f"127.0.0.1:{environment['PORT']}"
    size = ["--workers", str(workers), "--threads", str(threads)]
    command = [sys.executable, "-m", "gunicorn", "aigap.wsgi:application", "--bind", address, *size]
    process = subprocess.Popen([*command, "--log-level", "warning", "--no-control-socket"], env=environment)
    try:
        _wait(int(environment["PORT"]))
        yield Server(int(environment["PORT"]), process.pid, environment)
    finally:
        process.terminate()
        process.wait(30)


def manage(environment: dict[str, str], *command: str) -> str:
    words = [sys.executable, "manage.py", *command]
    done = subprocess.run(words, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(command)[:80]} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def without_pandas(folder: str) -> str:
    """A path on which pandas is not to be had, as in production: pyarrow would load it, for 80 MB."""
    hidden = Path(folder) / "hidden" / "pandas"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('hidden by the benchmark')\n")
    return str(hidden.parent)


def shell(environment: dict[str, str], code: str) -> str:
    """Run code under Django in the server's installation; what it prints."""
    return manage(environment, "shell", "--no-imports", "-c", code)


@dataclass
class Client:
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def request(
        self,
        method: str,
        path: str,
        form: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        body = urlencode(form) if form else None
        sent = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "HX-Request": "true",
        }
        if method != "GET":
            sent["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._answer(method, path, body, sent | (headers or {}))
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        if answer.will_close:
            self.connection.close()
            self.connection = None
        return answer.status, content, answer.headers

    def _answer(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """Again on a new connection where the server had closed the idle one: every write here carries a key."""
        for last in (False, True):
            self.connection = self.connection or http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=60
            )
            try:
                self.connection.request(method, path, body=body, headers=headers)
                return self.connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.connection.close()
                self.connection = None
                if last:
                    raise
        raise AssertionError

    def sign_in(self, username: str, password: str) -> None:
        self.request("GET", "/accounts/login/", headers={"HX-Request": ""})
        form: dict[str, object] = {"username": username, "password": password, "next": "/"}
        form["csrfmiddlewaretoken"] = self.cookies["csrftoken"]
        status, body, _ = self.request("POST", "/accounts/login/", form)
        if "sessionid" not in self.cookies:
            raise RuntimeError(f"Not signed in: {status} {body[:300]!r}")


class Wire:
    """Asks and reads, and makes nothing of it, so that what is timed is the server's. `header`: the one that says who
    asks. `kept`: on one connection, which is opened anew where the server has closed it."""

    def __init__(self, port: int, header: str, kept: bool) -> None:
        self._port, self._header, self._kept = port, header, kept
        self._connection: socket.socket | None = None

    def timed(self, path: str) -> float:
        """Milliseconds from the first byte sent to the last one read; where it is not kept, the connection's too."""
        while True:
            began = time.perf_counter()
            connection = self._connection or self._connected()
            head, left = self._answer(connection, path)
            if head or not self._connection:
                break
            self._connection = None
        while left > 0:
            left -= len(connection.recv(1 << 18))
        ended = time.perf_counter()
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 204")):
            raise RuntimeError(f"{path} answered {head[:300]!r}")
        if self._kept:
            self._connection = connection
        else:
            connection.close()
        return 1000 * (ended - began)

    def _connected(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _answer(self, connection: socket.socket, path: str) -> tuple[bytes, int]:
        """The head, and how many bytes of the body are still to come; nothing of a connection that was closed."""
        close = "" if self._kept else "Connection: close\r\n"
        lines = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{self._header}\r\n{close}\r\n"
        answer = b""
        try:
            connection.sendall(lines.encode())
            while b"\r\n\r\n" not in answer:
                if not (some := connection.recv(1 << 18)):
                    return b"", 0
                answer += some
        except (BrokenPipeError, ConnectionResetError):
            return b"", 0
        head, _, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        return head, int(length[1]) - len(body) if length else 0


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return sum(int(fields[index]) for index in (11, 12, 13, 14))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _backends(database: str) -> list[int]:
    """PostgreSQL's processes that serve this database: their titles say so."""
    found = subprocess.run(
        ["pgrep", "-f", f"^postgres: .* {database} "], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in found.stdout.split()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            status, _, _ = Client(port).request("GET", "/healthz")
        except OSError:
            status = 0
        if status == 200:
            return
        time.sleep(0.1)
    raise RuntimeError("The server did not come up within 20 seconds.")
