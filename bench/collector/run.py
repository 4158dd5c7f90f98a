#!/usr/bin/python3
"""The collector measured: throughput, alarms, restart, drain, outage, memory.

    bench/collector/run.py                        all parts, about 25 min
    bench/collector/run.py --only path,rules      some of: path queues rules flood restart drain
                                                  outage day
    bench/collector/run.py --json FILE            also keeps every figure

Builds the programs of the preset `bench` when --binaries does not name their folder. All that it
starts listens on 127.0.0.1 and ends with it; its folders need 4 GB and go away.
Compare ratios of one run only; absolute figures move with the machine.
"""

import argparse
import contextlib
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(REPOSITORY / "bench/figures"), str(REPOSITORY / "tests/integration")]

import real_parts  # noqa: E402
import report  # noqa: E402
from measuring import build, figures_of, machine  # noqa: E402

PROGRAMS = ("bench_collector", "wattline-plc", "wattline-gateway", "wattline-collector",
            "wattline")
PARTS = ("path", "queues", "rules", "flood", "restart", "drain", "outage", "day")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas")
    parser.add_argument("--binaries", type=pathlib.Path, help="a folder with all programs")
    parser.add_argument("--folder", type=pathlib.Path, help="where the data goes, temporary")
    parser.add_argument("--rounds", type=int, default=5, help="path, queues, rules, restart")
    parser.add_argument("--seconds", type=int, default=20, help="path, rules: virtual, a round")
    parser.add_argument("--minutes", type=int, default=10, help="flood: virtual, of storm")
    parser.add_argument("--megabytes", type=int, default=1000, help="restart, drain: the spool")
    parser.add_argument("--drain-seconds", type=int, default=120, help="drain: at most")
    parser.add_argument("--hours", type=int, default=72, help="outage: virtual")
    parser.add_argument("--day-hours", type=int, default=60,
                        help="day: virtual; the last 24 count")
    parser.add_argument("--json", type=pathlib.Path, help="also keep every figure here")
    options = parser.parse_args()
    options.only = [part for part in options.only.split(",") if part]
    if wrong := [part for part in options.only if part not in PARTS]:
        parser.error(f"no part '{wrong[0]}'; there are {', '.join(PARTS)}")
    return options


@contextlib.contextmanager
def private_folder(parent):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wattline-bench-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def on_a_feed(binaries, folder, hours, arguments):
    """A part that reads the feed of the virtual PLC from a pipe."""
    root = folder / "line"
    for name in ("config", "plc_program"):
        shutil.copytree(REPOSITORY / name, root / name)
    feed = subprocess.Popen(
        [binaries / "wattline-plc", "--virtual", "--duration", f"{hours}h", "--start",
         "2026-01-05T00:00:00Z", "--feed", "-", "--root", root], stdout=subprocess.PIPE)
    try:
        return figures_of([binaries / "bench_collector", "--folder", folder, *arguments,
                           "--config", root / "config"], stdin=feed.stdout)
    finally:
        feed.stdout.close()
        feed.terminate()
        feed.wait(30)


def run_part(part, binaries, folder, options):
    program = [binaries / "bench_collector", "--folder", folder, part]
    rounds = ["--rounds", options.rounds]
    if part in ("path", "rules"):
        return figures_of([*program, *rounds, "--seconds", options.seconds])
    if part == "queues":
        return figures_of([*program, *rounds])
    if part == "flood":
        return figures_of([*program, "--minutes", options.minutes])
    if part == "restart":
        return real_parts.restart(binaries, options)
    if part == "drain":
        return real_parts.drain(binaries, options)
    return on_a_feed(binaries, folder, options.hours if part == "outage" else options.day_hours,
                     [part])


def main():
    options = parse_options()
    binaries = (options.binaries or build(*PROGRAMS)).resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # So that `finally` runs.
    with private_folder(options.folder) as folder:
        facts = machine(folder)
    figures = []
    for part in options.only:
        print(f"{time.strftime('%H:%M:%S')} {part}", file=sys.stderr)
        with private_folder(options.folder) as folder:
            figures += run_part(part, binaries, folder, options)
    if options.json:
        options.json.write_text(json.dumps({"machine": facts, "figures": figures}, indent=1))
    return 0 if report.print_all(facts, figures) else 1


if __name__ == "__main__":
    sys.exit(main())
