"""The parts with real processes: a restart over a full spool, and its drain."""

import contextlib
import shutil
import signal
import socket
import sys
import time

from installation import free_port, wait_until
from mariadb_server import PASSWORD, USER, MariadbServer
from measuring import figures_of
from real_line import LagWatch, RealLine, cpu_seconds, first_good_value, peak_mb

MARIADB_FLAGS = ("--innodb-flush-method=O_DIRECT", "--innodb-doublewrite=ON", "--sync-frm=1",
                 "--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=128M",
                 "--innodb-log-file-size=96M")
BATCH_SECONDS = 10  # BATCH_WRITE_INTERVAL: so much always waits.


def say(text):
    print(f"  {text}", file=sys.stderr)


def fill(line, binary, data_dir, megabytes):
    say(f"a spool of {megabytes} MB")
    return figures_of([binary, "--folder", data_dir / "spool", "backlog", "--config",
                       line.site.root / "config", "--megabytes", megabytes])


def mysql_at(port, data_dir):
    return {"DB_TYPE": "mysql", "DB_HOST": "127.0.0.1", "DB_PORT": port, "DB_USER": USER,
            "DB_PASSWORD": PASSWORD, "WATTLINE_DATA_DIR": data_dir, "DATA_CACHE_SIZE": "2000MB"}


@contextlib.contextmanager
def silent_server():
    """A port that takes connections and never says a word, as a database that hangs."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))
        listener.listen(64)
        yield listener.getsockname()[1]


def restart(binaries, options):
    """Seconds from exec to the first good value at run/live.sock, in every case by turns."""
    figures = []
    with RealLine(binaries) as line, silent_server() as silent:
        figures += fill(line, binaries / "bench_collector", line.data_dir("full"),
                        options.megabytes)
        refusing = free_port()
        cases = [{"spool": "full", "end": "SIGTERM", "database": "refuses"},
                 {"spool": "full", "end": "SIGKILL", "database": "refuses"},
                 {"spool": "empty", "end": "SIGTERM", "database": "refuses"},
                 {"spool": "full", "end": "SIGKILL", "database": "says nothing"}]
        for round_ in range(options.rounds + 1):
            for case in cases:
                port = silent if case["database"] == "says nothing" else refusing
                figure = start_once(line, case, port)
                if round_ > 0:  # Before the first one there was no end of that kind.
                    figures.append({"part": "restart", **case, **figure})
    return figures


def start_once(line, case, port):
    """One life of a collector; it ends as the case says, so that the next one begins after that."""
    settings = mysql_at(port, line.data_dir(case["spool"]))
    started = time.monotonic()
    pid = line.launch("collector", settings).pid
    first_good_value(line)
    seconds = time.monotonic() - started
    time.sleep(2)  # Some records more, so that the next start finds a segment that is not closed.
    peak = peak_mb(pid)
    line.end("collector", getattr(signal, case["end"]))
    return {"seconds": seconds, "peak_mb": peak}


def drain(binaries, options):
    """A backlog into a database that comes back, with the lag of live values beside it."""
    figures = []
    with RealLine(binaries) as line:
        figures += fill(line, binaries / "bench_collector", line.data_dir("sqlite"),
                        options.megabytes)
        settings = {"WATTLINE_DATA_DIR": line.data_dir("sqlite"), "DATA_CACHE_SIZE": "2000MB"}
        line.init_database(settings)
        figures.append({"part": "drain", "database": "SQLite",
                        **drain_once(line, settings, options.drain_seconds)})
        if not shutil.which("mariadbd"):
            say("no mariadbd here: drained into SQLite only")
            return figures
        with MariadbServer(*MARIADB_FLAGS) as server:
            server.create_database("energy_management")
            data_dir = line.data_dir("mariadb")
            fill(line, binaries / "bench_collector", data_dir, options.megabytes)
            settings = mysql_at(server.port, data_dir)
            line.init_database(settings)
            server.stop()
            figures.append({"part": "drain", "database": "MariaDB",
                            **drain_once(line, settings, options.drain_seconds, server.start)})
    return figures


def drain_once(line, settings, seconds, bring_back=None):
    """Seconds count from when the database takes batches; also until all is drained."""
    pid = line.launch("collector", settings).pid
    first_good_value(line)
    watch = LagWatch(line, seconds)
    if bring_back:
        time.sleep(5)
        bring_back()
    taken = wait_until("the first batch is stored", lambda: stored(line), 60)
    say(f"drains into {settings.get('DB_TYPE', 'sqlite')} for {seconds} s at most")
    watch.start()
    cpu, seen = cpu_seconds(pid), [(time.monotonic(), *taken)]
    while time.monotonic() < seen[0][0] + seconds and not seen[-1][2]:
        time.sleep(0.25)
        if found := stored(line):
            seen.append((time.monotonic(), *found))
    took = seen[-1][0] - seen[0][0]
    cpu = cpu_seconds(pid) - cpu
    peak = peak_mb(pid)
    line.end("collector")
    behind = [entry[3] for entry in seen]
    return {"samples": seen[-1][1] - seen[0][1], "seconds": took, "drained": seen[-1][2],
            "per_second": (seen[-1][1] - seen[0][1]) / took, "cpu_share": cpu / took,
            "peak_mb": peak, "lags": watch.lags[5:],
            "in_order": all(later <= earlier + 1 for earlier, later in zip(behind, behind[1:]))}


def stored(line):
    """(samples stored, drained, seconds behind) as the status says; nothing before the first."""
    status = line.status()
    if not status or int(status["samples_stored"]) == 0:
        return None
    behind = int(status["spool_behind_s"])
    return int(status["samples_stored"]), behind <= 2 * BATCH_SECONDS, behind
