"""The real PLC, gateway and collector, started one by one, so that a start can be timed."""

import contextlib
import datetime
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

from installation import Installation, wait_until

LIVE_TAG = "total.scan_count"  # Another value each 100 ms, with the time of its scan.


class RealLine:
    """An Installation without a supervisor. Collectors run one at a time, each with a data
    directory and a database of its own."""

    def __init__(self, binaries):
        self.site = Installation(binaries)
        self.processes = {}

    def __enter__(self):
        try:
            for name in ("plc", "gateway"):
                self.launch(name)
                wait_until(f"{name} is healthy", lambda name=name: self.site.healthy(name), 60)
            return self
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    def close(self):
        for name in reversed(list(self.processes)):
            self.end(name)
        self.site.close()

    def data_dir(self, name):
        path = self.site.root / f"data-{name}"
        path.mkdir(exist_ok=True)
        return path

    def environment(self, settings):
        return {"PATH": os.environ["PATH"], **{key: str(value) for key, value in settings.items()}}

    def launch(self, name, settings=None):
        self.processes[name] = subprocess.Popen(
            [self.site.binaries / f"wattline-{name}", "--root", self.site.root],
            env=self.environment(settings or {}), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self.processes[name]

    def end(self, name, how=signal.SIGTERM):
        process = self.processes.pop(name)
        process.send_signal(how)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def init_database(self, settings):
        done = subprocess.run(
            [self.site.binaries / "wattline", "init-db", "--root", self.site.root],
            env=self.environment(settings), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError("init-db: " + done.stdout + done.stderr)

    def status(self):
        """The collector's details, or nothing while it has none."""
        status = self.site.status("collector")
        mine = status and status["pid"] == self.processes["collector"].pid
        return {**status["details"], "healthy": status["healthy"]} if mine else None

    def live_messages(self, seconds):
        """(arrival on the wall clock, message) from run/live.sock, tried until it is there."""
        end = time.monotonic() + seconds
        with contextlib.closing(self._connect(end)) as live:
            rest = b""
            while (left := end - time.monotonic()) > 0:
                live.settimeout(left)
                try:
                    part = live.recv(1 << 16)
                except socket.timeout:
                    return
                if not part:
                    return
                arrived = time.time()
                *lines, rest = (rest + part).split(b"\n")
                for line in lines:
                    yield arrived, json.loads(line)

    def _connect(self, end):
        path = str(self.site.root / "run" / "live.sock")
        while time.monotonic() < end:
            live = socket.socket(socket.AF_UNIX)
            try:
                live.connect(path)
                return live
            except OSError:
                live.close()
                time.sleep(0.001)
        raise RuntimeError("nobody listens at run/live.sock")


def first_good_value(line, seconds=60):
    for _, message in line.live_messages(seconds):
        if any(value["q"] == "good" for value in message.get("values", {}).values()):
            return
    raise RuntimeError(f"no good value within {seconds} s")


class LagWatch(threading.Thread):
    """Seconds from the PLC's scan to the live socket, for each scan that it carries."""

    def __init__(self, line, seconds):
        super().__init__(daemon=True)
        self.line, self.seconds = line, seconds
        self.lags = []

    def run(self):
        for arrived, message in self.line.live_messages(self.seconds):
            value = message.get("values", {}).get(LIVE_TAG)
            if message["type"] == "values" and value and value["q"] == "good":
                self.lags.append(arrived - unix_time(value["t"]))


def unix_time(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb(pid):
    for text in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if text.startswith("VmHWM:"):
            return int(text.split()[1]) / 1000
    raise RuntimeError("no VmHWM in status")
