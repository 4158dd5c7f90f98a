#!/usr/bin/python3
"""The historian side by side with VictoriaMetrics, InfluxDB and ClickHouse of Debian.

    bench/historian/run.py                        all parts but `sustained`, about 15 min
    bench/historian/run.py --only ingest,size     some of: ingest size queries flat sustained
    bench/historian/run.py --only sustained       10,000 points in real time, 12 min
    bench/historian/run.py --only mariadb         our own ingest on MariaDB instead of SQLite
    bench/historian/run.py --install              first installs the peers' packages

Builds build/bench/bin/bench_historian when --binary does not name one. Each part starts the peers
anew as private processes with data below a private folder, all of which is gone afterwards.
Compare ratios of one run only; absolute figures move with the machine.
"""

import argparse
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
from mariadb_server import MariadbServer  # noqa: E402
from measuring import build, figures_of, machine  # noqa: E402

PARTS = ("ingest", "size", "queries", "flat", "sustained", "mariadb")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="ingest,size,queries,flat", help="parts, with commas")
    parser.add_argument("--peers", default="victoria,influx,clickhouse", help="'' for none")
    parser.add_argument("--install", action="store_true", help="apt-get install what is missing")
    parser.add_argument("--binary", type=pathlib.Path, help="a bench_historian that is built")
    parser.add_argument("--folder", type=pathlib.Path, help="where the databases go, temporary")
    parser.add_argument("--line-database", type=pathlib.Path,
                        help="size: also the newest 3 days of the demo line's database")
    parser.add_argument("--rounds", type=int, default=3, help="ingest")
    parser.add_argument("--hours", type=int, default=12, help="ingest: data a round")
    parser.add_argument("--seconds", type=float, default=5, help="queries: each question")
    parser.add_argument("--days", type=int, default=365, help="queries: history")
    parser.add_argument("--minutes", type=int, default=10, help="sustained")
    parser.add_argument("--points", type=int, default=10_000, help="sustained")
    parser.add_argument("--json", type=pathlib.Path, help="also keep every figure here")
    options = parser.parse_args()
    options.only = [part for part in options.only.split(",") if part]
    options.peers = [peer for peer in options.peers.split(",") if peer]
    if options.only == ["mariadb"]:
        options.peers = []
    if wrong := [part for part in options.only if part not in PARTS]:
        parser.error(f"no part '{wrong[0]}'; there are {', '.join(PARTS)}")
    if wrong := [peer for peer in options.peers if peer not in peers.PROGRAMS]:
        parser.error(f"no peer '{wrong[0]}'; there are {', '.join(peers.PROGRAMS)}")
    return options


def ensure_packages(options):
    missing = peers.missing_packages(options.peers)
    if missing and options.install:
        # Debian starts the services of a new package; the benchmark wants none of them.
        policy = dict(os.environ, DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1")
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *missing],
                       env=policy, check=True)
    elif missing:
        sys.exit(f"missing Debian packages: {' '.join(missing)}\n"
                 "install them, or run again with --install, or leave peers out with --peers")


def versions():
    listed = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", "libsqlite3-0",
                             *(package for package, _ in peers.PROGRAMS.values())],
                            capture_output=True, text=True, check=False).stdout.split("\n")
    return [text for text in listed if text]


def arguments_of(part, options):
    """Each run of bench_historian that a part needs."""
    if part == "ingest":
        return [["ingest", "--rounds", str(options.rounds), "--hours", str(options.hours)]]
    if part == "size":
        runs = [["size", "--hours", str(2 * options.hours)]]
        if options.line_database:
            runs.append(["size", "--database", str(options.line_database.resolve()),
                         "--plant", str(REPOSITORY / "config/plant.json")])
        return runs
    if part == "queries":
        return [["queries", "--days", str(options.days), "--seconds", str(options.seconds)]]
    if part == "flat":
        return [["flat", "--seconds", str(options.seconds / 10)]]
    return [["sustained", "--minutes", str(options.minutes), "--points", str(options.points)]]


def run_on_mariadb(binary, options, folder):
    """Ingest into a MariaDB with Debian's durability: each COMMIT is synced."""
    with MariadbServer("--innodb-flush-method=O_DIRECT", "--innodb-doublewrite=ON", "--sync-frm=1",
                       "--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=128M",
                       "--innodb-log-file-size=96M") as server:
        server.create_database("wattline_bench")
        return figures_of([str(binary), "--folder", str(folder), "ingest", "--rounds",
                           str(options.rounds), "--hours", str(options.hours),
                           "--mariadb", str(server.port)])


def run_part(binary, arguments, names, folder):
    """The figures that bench_historian prints, and where our bytes went."""
    with peers.running(names, folder) as ports:
        command = [str(binary), "--folder", str(folder)]
        for name, port in ports.items():
            command += [f"--{name}", str(port)]
        figures = figures_of(command + arguments)
    if arguments[0] == "size":
        figures.append(report.bytes_by_table(folder / "wattline.db", "--database" in arguments))
    return figures


def main():
    options = parse_options()
    ensure_packages(options)
    binary = options.binary or build("bench_historian") / "bench_historian"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # So that `finally` runs.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wattline-bench-", dir=options.folder))
    try:
        facts = {**machine(folder), "versions": versions()}
        figures = []
        for part in options.only:
            if part == "mariadb":
                figures += run_on_mariadb(binary, options, folder)
                continue
            names = [] if part == "sustained" else options.peers
            for arguments in arguments_of(part, options):
                print(f"{time.strftime('%H:%M:%S')} {' '.join(arguments)}", file=sys.stderr)
                figures += run_part(binary, arguments, names, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps({"machine": facts, "figures": figures}, indent=1))
    return 0 if report.print_all(facts, figures) else 1


if __name__ == "__main__":
    sys.exit(main())
