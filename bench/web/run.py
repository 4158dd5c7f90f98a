#!/usr/bin/python3
"""The web service beside Flask + gunicorn and nginx of Debian.

    bench/web/run.py                          all parts, about 15 min
    bench/web/run.py --only current,history   some of: current history push stalled logins memory
    bench/web/run.py --install                first installs the peers' packages
    bench/web/run.py --quick                  short rounds: to see that it works, not to judge

Builds the programs of the preset `bench` when --binaries does not name their folder. All that it
starts listens on 127.0.0.1 and ends with it. Compare ratios of one run only; absolute figures move
with the machine, CPU time a request least.
"""

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(REPOSITORY / "bench/figures"), str(REPOSITORY / "tests/integration")]

import peers  # noqa: E402
import report  # noqa: E402
from installation import TimedOut  # noqa: E402
from measuring import build, machine  # noqa: E402
from web_site import ASSET, WebSite, ask  # noqa: E402

PROGRAMS = ("bench_web", "wattline-web")
PARTS = ("current", "history", "push", "stalled", "logins", "memory")
CURRENT = "/api/devices/conveyor/current"
HISTORY_CLIENTS = 50


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas")
    parser.add_argument("--install", action="store_true", help="apt-get install what is missing")
    parser.add_argument("--binaries", type=pathlib.Path, help="a folder with all programs")
    parser.add_argument("--rounds", type=int, default=5, help="current, history, stalled")
    parser.add_argument("--seconds", type=float, default=0, help="of a round or phase")
    parser.add_argument("--clients", type=int, default=5000, help="push")
    parser.add_argument("--requests", type=float, default=1e6, help="memory")
    parser.add_argument("--quick", action="store_true", help="everything short")
    parser.add_argument("--json", type=pathlib.Path, help="also keep every figure here")
    options = parser.parse_args()
    options.only = [part for part in options.only.split(",") if part]
    if wrong := [part for part in options.only if part not in PARTS]:
        parser.error(f"no part '{wrong[0]}'; there are {', '.join(PARTS)}")
    if options.quick:
        options.rounds, options.requests = 2, 50e3
    return options


def ensure_packages(options):
    missing = peers.missing_packages()
    if missing and options.install:
        # Debian starts the services of a new package; the benchmark wants none of them.
        policy = dict(os.environ, DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1")
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *missing],
                       env=policy, check=True)
    elif missing:
        sys.exit(f"missing Debian packages: {' '.join(missing)}\n"
                 "install them, or run again with --install")


def seconds_of(options, usual, quick=3):
    return options.seconds or (quick if options.quick else usual)


def current(binaries, folder, options):
    """/current of all servers, in turn in every round."""
    figures = []
    with WebSite(binaries) as site, site.feed(), contextlib.ExitStack() as stack:
        body = len(json.dumps(site.line.get(CURRENT), ensure_ascii=False,
                              separators=(",", ":")).encode())
        sync = stack.enter_context(peers.flask(folder / "flask-sync"))
        threads = stack.enter_context(
            peers.flask(folder / "flask-threads", "--worker-class", "gthread", "--threads", "4"))
        static = stack.enter_context(peers.nginx(folder / "nginx", body))
        servers = [("Wattline", site, CURRENT), ("Flask, sync workers", sync, CURRENT),
                   ("Flask, threads", threads, CURRENT),
                   ("Flask from SQLite", sync, "/api/devices/conveyor/stored"),
                   ("nginx, a file", static, "/current")]
        for _ in range(options.rounds):
            for label, server, target in servers:
                figures += ask(binaries / "bench_web", server, "requests", "--label", label,
                               "--target", target, "--seconds", seconds_of(options, 6))
    return figures


def history_targets():
    """A day for each client, each another one: no two ask for the same."""
    now = datetime.datetime.now(datetime.timezone.utc)
    targets = []
    for client in range(HISTORY_CLIENTS):
        end = now - datetime.timedelta(minutes=client, seconds=30)
        begin = end - datetime.timedelta(days=1)
        times = [time.strftime("%Y-%m-%dT%H:%M:%SZ", moment.timetuple()) for moment in (begin, end)]
        targets += ["--target", "/api/devices/conveyor/history?interval=auto"
                                f"&start_time={times[0]}&end_time={times[1]}"]
    return targets


def history(binaries, _, options):
    figures = []
    with WebSite(binaries, hours=26) as site, site.ingest(figures):
        for _ in range(options.rounds):
            for label, every in (("each once a second", 1), ("without a pause", 0)):
                figures += ask(binaries / "bench_web", site, "requests", "--label",
                               f"history, {label}", "--connections", HISTORY_CLIENTS, "--every",
                               every, "--warm-seconds", 2, "--seconds", seconds_of(options, 10),
                               *history_targets())
    return figures


def push(binaries, _, options):
    with WebSite(binaries) as site:
        return ask(binaries / "bench_web", site, "push", "--clients",
                   500 if options.quick else options.clients, "--seconds",
                   seconds_of(options, 30, 5))


def stalled(binaries, _, options):
    with WebSite(binaries) as site:
        return ask(binaries / "bench_web", site, "stalled", "--rounds", options.rounds, "--seconds",
                   seconds_of(options, 12))


def logins(binaries, _, options):
    with WebSite(binaries) as site, site.feed():
        return ask(binaries / "bench_web", site, "logins", "--user", "admin", "--password",
                   "admin123", "--seconds", seconds_of(options, 40, 10))


def memory(binaries, _, options):
    with WebSite(binaries, hours=26) as site:
        return ask(binaries / "bench_web", site, "soak", "--asset", ASSET, "--history",
                   "/api/devices/conveyor/history?interval=auto", "--requests",
                   int(options.requests), "--warm-requests", int(options.requests / 10))


def main():
    options = parse_options()
    if "current" in options.only:
        ensure_packages(options)
    binaries = (options.binaries or build(*PROGRAMS)).resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # So that `finally` runs.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wattline-bench-"))
    figures = []
    try:
        facts = {**machine(folder), "versions": peers.versions()}
        for part in options.only:
            print(f"{time.strftime('%H:%M:%S')} {part}", file=sys.stderr)
            try:
                figures += globals()[part](binaries, folder, options)
            except (RuntimeError, TimedOut) as failure:  # The other parts are worth having.
                figures.append({"part": "broken", "name": part, "why": str(failure)})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps({"machine": facts, "figures": figures}, indent=1))
    return 0 if report.print_all(facts, figures) else 1


if __name__ == "__main__":
    sys.exit(main())
