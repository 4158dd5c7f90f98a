"""What the run.py of a benchmark does around its program: build it, run it, know the machine."""

import json
import os
import pathlib
import statistics
import subprocess
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def build(*targets):
    """Builds programs of the preset `bench`; returns their folder."""
    subprocess.run(["cmake", "--preset", "bench"], cwd=REPOSITORY, check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "--preset", "bench", "--target", *targets],
                   cwd=REPOSITORY, check=True)
    return REPOSITORY / "build/bench/bin"


def figures_of(command, **how):
    """Every JSON line that a part prints."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True,
                          check=False, **how)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(str(word) for word in command[1:])} failed")
    return [json.loads(line) for line in done.stdout.splitlines()]


def sync_ms(folder):
    """Median of writing 4 kB to a file and syncing it."""
    taken = []
    with open(folder / "sync", "wb") as file:
        for _ in range(200):
            start = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fdatasync(file.fileno())
            taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


def machine(folder):
    commit = subprocess.run(["git", "-C", str(REPOSITORY), "describe", "--always", "--dirty"],
                            capture_output=True, text=True, check=False).stdout.strip()
    return {"commit": commit or "unknown", "cores": os.cpu_count(), "sync_ms": sync_ms(folder),
            "load": os.getloadavg()[0]}


def print_machine(facts):
    print(f"commit {facts['commit']}, {facts['cores']} cores, write and sync of 4 kB "
          f"{facts['sync_ms']:.2f} ms, load {facts['load']:.1f}")
