"""The whole line, measured: PLC change to browser, lost scans, memory, idle CPU.

    bench/end_to_end/run.sh            builds the release programs and prints the table (4 min)

Runs a private installation on free ports. In the same run, interleaved on the same machine, a bare
OPC UA client (node-opcua) subscribes to the gateway: what a browser could see at best without
collector, socket and web server. Ratios hold on a noisy machine, single milliseconds do not.
"""

import argparse
import asyncio
import csv
import datetime
import io
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests/integration"))

from installation import PROCESSES, Installation, wait_until  # noqa: E402
from live_client import messages  # noqa: E402


def with_truth_log(binaries, folder):
    """Programs like `binaries`, but the PLC writes its truth log: boot,scan,unix_ms a scan."""
    shutil.copy2(binaries / "wattline", folder / "wattline")
    for name in ("wattline-gateway", "wattline-collector", "wattline-web"):
        (folder / name).symlink_to(binaries / name)
    script = folder / "wattline-plc"
    script.write_text("#!/bin/sh\n"
                      f'exec "{binaries}/wattline-plc" --truth-log "{folder}/truth.csv" "$@"\n')
    script.chmod(0o755)
    return folder


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def cpu_seconds(pids):
    ticks = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def pss_mb(pid):
    for text in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if text.startswith("Pss:"):
            return int(text.split()[1]) / 1000
    raise RuntimeError("no Pss in smaps_rollup")


async def socket_latencies(line, seconds):
    """Milliseconds from scan time to the message at the client, for every scan that it carried."""
    found = []
    async for message in messages(line, seconds):
        value = message.get("values", {}).get("total.scan_count")
        if message["type"] == "values" and value:
            scan_time = datetime.datetime.fromisoformat(value["t"])
            found.append(time.time() * 1000 - scan_time.timestamp() * 1000)
    return found


def peer_latencies(line, seconds):
    """The same by a bare OPC UA client at the gateway."""
    result = subprocess.run(
        ["node", str(pathlib.Path(__file__).with_name("bare_client.mjs")),
         f"opc.tcp://127.0.0.1:{line.ports['gateway']}", str(seconds)],
        stdout=subprocess.PIPE, text=True, check=True, timeout=seconds + 60)
    return json.loads(result.stdout.splitlines()[-1])  # node-opcua logs to standard output, too


def measure_latency(line, seconds):
    """Both clients in turn, in rounds of 15 s, so that a slow minute of the machine hits both."""
    ours, bare = [], []
    for _ in range(max(1, int(seconds / 30))):
        ours += asyncio.run(socket_latencies(line, 15))
        bare += peer_latencies(line, 15)
    return ours, bare


def stored_scans(line):
    """Scan count by source time, as the database has it."""
    exported = line.run("export", "--points", "total.scan_count")
    if exported.returncode != 0:
        raise RuntimeError(f"wattline export: {exported.stderr}")
    rows = csv.DictReader(io.StringIO(exported.stdout))
    return {unix_ms(row["time"]): int(float(row["value"])) for row in rows
            if row["point"] == "total.scan_count" and row["quality"] == "good"}


def unix_ms(text):
    since = datetime.datetime.fromisoformat(text) - datetime.datetime.fromisoformat(
        "1970-01-01T00:00:00+00:00")
    return since // datetime.timedelta(milliseconds=1)


def lost_and_stored(line, truth_file):
    """Truth log minus database by (boot, scan), between the first and the last collected scan."""
    truth = {}
    for row in truth_file.read_text().splitlines():
        boot, scan, scan_ms = (int(part) for part in row.split(","))
        truth[scan_ms] = (boot, scan)
    stored = stored_scans(line)
    first, last = min(stored), max(stored)
    expected = {ts: scan for ts, scan in truth.items() if first <= ts <= last}
    lost = [ts for ts, (_, scan) in expected.items() if stored.get(ts) != scan]
    invented = [ts for ts in stored if ts not in expected]
    return len(expected), len(stored), lost, invented


def report(rows):
    width = max(len(row[0]) for row in rows)
    for name, value, mark in rows:
        print(f"{name:<{width}}  {value:>12}  {mark}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binaries", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=120, help="length of the latency part")
    parser.add_argument("--idle-seconds", type=int, default=60)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wattline-bench-"))
    try:
        return run(with_truth_log(options.binaries.resolve(), folder), folder, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(programs, folder, options):
    rows = []
    with Installation.start(programs) as line:
        wait_until("the line runs", lambda: line.healthy("web"))
        line.sign_in()
        time.sleep(15)  # past start-up: compilation, first batch
        pids = [line.pid(process) for process in PROCESSES]
        supervisor = line.supervisor.pid
        before, started = cpu_seconds(pids + [supervisor]), time.monotonic()
        time.sleep(options.idle_seconds)
        cpu = (cpu_seconds(pids + [supervisor]) - before) / (time.monotonic() - started)
        rows.append(("idle CPU, all processes, % of a core", f"{100 * cpu:.1f}", "must be < 10"))

        ours, bare = measure_latency(line, options.seconds)
        p99, bare_p99 = percentile(ours, 0.99), percentile(bare, 0.99)
        rows += [("PLC scan → WebSocket, p50 ms", f"{statistics.median(ours):.0f}",
                  f"n = {len(ours)}"),
                 ("PLC scan → WebSocket, p99 ms", f"{p99:.0f}", "must be < 300"),
                 ("bare OPC UA client at the gateway, p50 ms", f"{statistics.median(bare):.0f}",
                  f"n = {len(bare)}"),
                 ("bare OPC UA client at the gateway, p99 ms", f"{bare_p99:.0f}", ""),
                 ("ratio of p99, WebSocket : bare client", f"{p99 / bare_p99:.2f}", "")]

        total = 0.0
        for process in PROCESSES:
            mb = pss_mb(line.pid(process))
            total += mb
            rows.append((f"PSS {process}, MB", f"{mb:.0f}", ""))
        rows.append(("PSS of the four processes, MB", f"{total:.0f}", "must be < 250"))
        rows.append(("PSS of the supervisor, MB", f"{pss_mb(supervisor):.0f}", ""))

        line.down()
        expected, stored, lost, invented = lost_and_stored(line, folder / "truth.csv")
        rows += [("scans in the truth log", str(expected), ""),
                 ("scans in the database", str(stored), ""),
                 ("scans lost", str(len(lost)), "must be 0"),
                 ("scans invented or doubled", str(len(invented)), "must be 0")]
    report(rows)
    met = p99 < 300 and cpu < 0.10 and total < 250 and not lost and not invented
    print("all figures met" if met else "NOT met: see above")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
