"""One private Wattline on free ports with a temporary root, for tests and benchmarks.

    with Installation.start(binaries) as line:
        line.sign_in()
        line.get("/api/devices")

The root holds copies of config/ and plc_program/, so a test may break them. Everything is stopped
and removed on exit, also when the test fails; the logs are printed then.
"""

import contextlib
import copy
import http.cookiejar
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROCESSES = ("plc", "gateway", "collector", "web")


class TimedOut(AssertionError):
    """A condition did not come true in time; the text says which."""


def free_port():
    """A port on which nobody listens. It lies below the range from which the kernel gives outgoing
    connections theirs, so that none of a test beside this one takes it before our process does."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port among 100 tried")


def wait_until(what, condition, timeout=20.0, pause=0.05):
    """Returns the first truthy value of condition(); TimedOut names `what`."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise TimedOut(f"{what}: not within {timeout:g} s")


class Installation:
    """Settings, folders and the HTTP session of one running system."""

    def __init__(self, binaries, settings=None):
        self.binaries = pathlib.Path(binaries).resolve()
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="wattline-test-"))
        self.ports = {name: free_port() for name in ("plc", "gateway", "web")}
        self.supervisor = None
        self.csrf_token = ""
        self._output = None
        self._opener = _new_browser()
        shutil.copytree(REPOSITORY / "config", self.root / "config")
        shutil.copytree(REPOSITORY / "plc_program", self.root / "plc_program")
        (self.root / "webui").symlink_to(REPOSITORY / "webui")
        self.settings = {
            "WEB_PORT": self.ports["web"],
            "PLC_OPC_UA_PORT": self.ports["plc"],
            "GATEWAY_OPC_UA_PORT": self.ports["gateway"],
            "OPC_UA_SERVER_URL": f"opc.tcp://127.0.0.1:{self.ports['gateway']}",
            "DEMO_HISTORY_DAYS": 0,  # A test begins with an empty database.
        }
        self.settings.update(settings or {})
        self.write_settings()

    # --- life -------------------------------------------------------------------------------

    @classmethod
    @contextlib.contextmanager
    def start(cls, binaries, settings=None):
        line = cls(binaries, settings)
        try:
            line.up()
            yield line
        except BaseException:
            line.print_logs()
            raise
        finally:
            line.close()

    def write_settings(self):
        lines = [f"{key}={value}\n" for key, value in self.settings.items()]
        (self.root / ".env").write_text("".join(lines), encoding="utf-8")

    def up(self, timeout=90):
        """Initialises the database, starts the supervisor and waits until all four are healthy.
        A history for the charts is made before them; a busy machine takes 10 s for a day of it."""
        timeout += 10 * int(self.settings["DEMO_HISTORY_DAYS"])
        initialised = self.run("init-db")
        assert initialised.returncode == 0, initialised.stdout + initialised.stderr
        self.launch()
        wait_until("all four processes healthy",
                   lambda: self.ended() or self.all_healthy(), timeout)
        assert not self.ended(), "the supervisor ended: " + self.output()

    def launch(self):
        """Starts `wattline up` in the foreground and returns at once."""
        if self._output:
            self._output.close()
        self._output = open(self.root / "up.out", "w+", encoding="utf-8")
        self.supervisor = subprocess.Popen(
            [self.binaries / "wattline", "up", "--root", self.root],
            cwd=self.root, env=self._environment(), stdin=subprocess.DEVNULL,
            stdout=self._output, stderr=subprocess.STDOUT)

    def down(self, timeout=60):
        """Ctrl-C; returns the exit code."""
        self.supervisor.send_signal(signal.SIGINT)
        return self.supervisor.wait(timeout)

    def close(self):
        if self.supervisor and self.supervisor.poll() is None:
            try:
                self.down()
            except subprocess.TimeoutExpired:
                self.supervisor.kill()
                self.supervisor.wait()
        if self._output:
            self._output.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def ended(self):
        return self.supervisor.poll() is not None

    def output(self):
        return (self.root / "up.out").read_text(encoding="utf-8")

    def run(self, *arguments, program="wattline", timeout=60, text_in=""):
        """Runs a command of the product to its end."""
        return subprocess.run(
            [self.binaries / program, *map(str, arguments), "--root", self.root],
            cwd=self.root, env=self._environment(), input=text_in, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, check=False)

    def _environment(self):
        # Settings of the developer's own shell must not reach the system under test.
        return {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "ASAN_OPTIONS",
                                                 "LSAN_OPTIONS", "UBSAN_OPTIONS")
                if key in os.environ}

    def print_logs(self):
        for path in sorted(self.root.glob("logs/*")) + [self.root / "up.out"]:
            if path.exists():
                tail = path.read_text(encoding="utf-8", errors="replace").splitlines()[-25:]
                print(f"--- {path.name}", *tail, sep="\n")

    # --- processes --------------------------------------------------------------------------

    def status(self, process):
        """The status file of one process, or nothing."""
        try:
            return json.loads((self.root / "run" / f"{process}.status.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def pid(self, process):
        return self.status(process)["pid"]

    def replaced(self, process, pid):
        """Another process than that one does its work."""
        return (self.status(process) or {}).get("pid", pid) != pid

    def healthy(self, process):
        status = self.status(process)
        return bool(status and status["healthy"])

    def all_healthy(self):
        return all(self.healthy(process) for process in PROCESSES)

    # --- HTTP -------------------------------------------------------------------------------

    @property
    def url(self):
        return f"http://127.0.0.1:{self.ports['web']}"

    def request(self, method, path, body=None, headers=None, timeout=10):
        """(status, decoded JSON or text). Never raises for an HTTP error."""
        request = urllib.request.Request(self.url + path, method=method, headers=headers or {})
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
            request.add_header("Origin", self.url)
        if self.csrf_token:
            request.add_header("X-CSRF-Token", self.csrf_token)
        try:
            with self._opener.open(request, timeout=timeout) as answer:
                return answer.status, _decoded(answer)
        except urllib.error.HTTPError as error:
            return error.code, _decoded(error)

    def visitor(self):
        """Another browser before the same system: it is not signed in."""
        other = copy.copy(self)
        other.csrf_token = ""
        other._opener = _new_browser()
        return other

    def get(self, path):
        status, body = self.request("GET", path)
        assert status == 200, f"GET {path}: {status} {body}"
        return body

    def sign_in(self, username="admin", password="admin123"):
        status, body = self.request("POST", "/auth/login",
                                    {"username": username, "password": password})
        assert status == 200, f"sign-in: {status} {body}"
        self.csrf_token = body["csrf_token"]
        return body

    def cookie_header(self):
        for handler in self._opener.handlers:
            if isinstance(handler, urllib.request.HTTPCookieProcessor):
                return "; ".join(f"{c.name}={c.value}" for c in handler.cookiejar)
        return ""

    def current(self, device):
        return self.get(f"/api/devices/{device}/current")["data"]

    # --- database ---------------------------------------------------------------------------

    def query(self, sql, *parameters):
        """Reads the database file beside the running system."""
        path = self.root / "data" / "wattline.db"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute(sql, parameters).fetchall()


def _new_browser():
    return urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def _decoded(answer):
    text = answer.read().decode()
    return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text
