"""A private installation of which only wattline-web runs; the benchmark is its collector."""

import contextlib
import os
import pathlib
import subprocess

from installation import Installation, wait_until
from measuring import figures_of
from peers import stop

ASSET = "/assets/index-0a1b2c3d.js"


class WebSite:
    """Started with `with`; ended and erased after. `hours` of history of the demo line's points."""

    def __init__(self, binaries, hours=0):
        self.binaries, self.hours = binaries, hours
        self.line = Installation(binaries)
        self.processes = []

    def __enter__(self):
        try:
            self._make()
            self.web = self._launch(self.binaries / "wattline-web", "--root", self.line.root,
                                    "--ui", self.line.root / "ui")
            wait_until("wattline-web answers", self._answers)
            self.line.sign_in()
            return self
        except BaseException:
            self.line.print_logs()
            self._close()
            raise

    def __exit__(self, kind, *_):
        if kind is not None:
            self.line.print_logs()
        self._close()

    def _make(self):
        (self.line.root / "data").mkdir(exist_ok=True)
        figures_of([self.binaries / "bench_web", "make-database", *self._database(), "--hours",
                    self.hours])
        # Stands in for the built UI: the size of a small one.
        assets = self.line.root / "ui/assets"
        assets.mkdir(parents=True)
        (self.line.root / "ui/index.html").write_text("<!doctype html><title>bench</title>\n")
        (self.line.root / "ui" / ASSET[1:]).write_text(
            "".join(f"export const name{i} = {i * i};\n" for i in range(2000)))
        (self.line.root / "run").mkdir(exist_ok=True)

    def _database(self):
        return ["--database", self.line.root / "data/wattline.db", "--plant-file",
                self.line.root / "config/plant.json"]

    def _launch(self, *command, output=subprocess.DEVNULL):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.line.root)}
        self.processes.append(subprocess.Popen([str(word) for word in command], env=environment,
                                               stdin=subprocess.DEVNULL, stdout=output,
                                               stderr=subprocess.DEVNULL, text=True))
        return self.processes[-1]

    def _answers(self):
        if self.web.poll() is not None:
            raise RuntimeError("wattline-web has ended")
        with contextlib.suppress(OSError):
            return self.line.request("GET", "/healthz")[0] == 200
        return False

    def _close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                stop(process)
        self.line.close()

    # --- what bench_web is told -------------------------------------------------------------

    @property
    def pids(self):
        return [self.web.pid]

    @property
    def port(self):
        return self.line.ports["web"]

    @property
    def cookie(self):
        return self.line.cookie_header()

    def words(self):
        """Where the live feed is expected, and of which plant."""
        return ["--socket", self.line.root / "run/live.sock",
                "--plant", self.line.root / "config/plant.json"]

    @contextlib.contextmanager
    def feed(self):
        """A line of all points each second, as from the collector."""
        process = self._launch(self.binaries / "bench_web", *self.words(), "feed")
        try:
            wait_until("live values arrive", lambda: not self.line.current("conveyor")["stale"])
            yield
        finally:
            stop(process)

    @contextlib.contextmanager
    def ingest(self, found):
        """A batch of 480 samples a second; what it took is added to `found` at the end."""
        log = pathlib.Path(self.line.root) / "ingest.json"
        with open(log, "w", encoding="utf-8") as output:
            process = self._launch(self.binaries / "bench_web", "ingest", *self._database(),
                                   output=output)
        try:
            yield
            if process.poll() is not None:
                raise RuntimeError("the writer of samples has ended")
        finally:
            stop(process)
            found += figures_of(["cat", log])


def ask(binary, server, *words):
    """Runs one part of bench_web against a WebSite or a Peer; its figures."""
    command = [binary, "--port", server.port]
    for pid in server.pids:
        command += ["--pid", pid]
    if server.cookie:
        command += ["--cookie", server.cookie]
    if isinstance(server, WebSite):
        command += server.words()
    return figures_of([*command, *words])
