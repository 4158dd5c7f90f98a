"""The line's program on a virtual clock: `wattline-plc --virtual`, and what its trace says.

    with VirtualLine(binaries) as line:
        trace = line.run("24h")
        trace.spans("eSystemState", 2)    # [(from_s, to_s)] of every fault

The program is a copy, so a test may change a constant of GVL_Config (`constants=`). Times are
seconds since the first scan. A value holds from its row until the next row of its variable.
"""

import bisect
import collections
import pathlib
import re
import shutil
import subprocess
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SCAN_S = 0.1


def value_of(text):
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    try:
        return float(text)
    except ValueError:
        return text


class Trace:
    """One run: per variable of PLC_PRG the times of its changes and the values from then on."""

    def __init__(self, lines, end_s):
        self.end = end_s
        self.times = collections.defaultdict(list)
        self.values = collections.defaultdict(list)
        self.scans = 0
        for line in lines:
            time_ms, path, text = line.rstrip("\n").split(",", 2)
            if path == "PLC_PRG.udiScanCount":  # Changes with every scan; the last says it all.
                self.scans = int(text)
                continue
            name = path.removeprefix("PLC_PRG.")
            self.times[name].append(int(time_ms) / 1000)
            self.values[name].append(value_of(text))

    def steps(self, name):
        """(from, to, value) without gaps from 0 to the end."""
        times = self.times[name]
        return list(zip(times, times[1:] + [self.end], self.values[name]))

    def at(self, name, time):
        return self.values[name][bisect.bisect_right(self.times[name], time + 0.01) - 1]

    def last(self, name):
        return self.values[name][-1]

    def spans(self, name, value):
        """(from, to) of every stretch with this value."""
        return [(start, end) for start, end, v in self.steps(name) if v == value]

    def whole_spans(self, name, value):
        """As spans(), without one that the end of the run cuts."""
        return [span for span in self.spans(name, value) if span[1] < self.end]

    def seconds(self, name, value):
        return sum(end - start for start, end in self.spans(name, value))

    def integral(self, name):
        return sum(v * (end - start) for start, end, v in self.steps(name))

    def within(self, name, start, end):
        """Every value that `name` has in [start, end)."""
        first = bisect.bisect_right(self.times[name], start + 0.01) - 1
        last = bisect.bisect_left(self.times[name], end - 0.01)
        return self.values[name][first:last]


def episodes(trace, name, limit, apart=600):
    """(from, to) of the times above the limit; those less than `apart` seconds apart are one."""
    found = []
    for start, end, value in trace.steps(name):
        if value <= limit:
            continue
        if found and start - found[-1][1] < apart:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def longest_above(trace, name, limit, start, end):
    """Seconds of the longest stretch above the limit within [start, end)."""
    longest = stretch = 0.0
    for since, until, value in trace.steps(name):
        if since >= end or until <= start:
            continue
        stretch = stretch + until - since if value > limit else 0.0
        longest = max(longest, stretch)
    return longest


class VirtualLine:
    """A copy of plc_program/ in a folder of its own; removed on exit."""

    def __init__(self, binaries, constants=None):
        self.plc = pathlib.Path(binaries).resolve() / "wattline-plc"
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="wattline-line-"))
        shutil.copytree(REPOSITORY / "plc_program", self.root / "plc_program")
        for name, value in (constants or {}).items():
            self._set_constant(name, value)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root)

    def _set_constant(self, name, value):
        file = self.root / "plc_program/GVL_Config.st"
        text, found = re.subn(rf"(\b{name}\s*:\s*\w+\s*:=\s*)[^;]+;", rf"\g<1>{value};",
                              file.read_text(encoding="utf-8"))
        if found != 1:
            raise KeyError(f"GVL_Config has no constant {name}")
        file.write_text(text, encoding="utf-8")

    def csv(self, duration, sets=(), retain=None):
        """The trace as text. `sets`: (seconds, variable of PLC_PRG, value)."""
        command = [self.plc, "--virtual", "--duration", duration, "--trace",
                   self.root / "trace.csv", "--root", self.root]
        for time, name, value in sets:
            command += ["--set", f"{round(time * 1000)}ms:PLC_PRG.{name}={value}"]
        if retain:
            command += ["--retain", retain]
        result = subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, capture_output=True,
                                text=True, timeout=100)
        if result.returncode != 0 or "refused" in result.stdout:
            raise AssertionError(result.stdout + result.stderr)
        return (self.root / "trace.csv").read_text(encoding="utf-8")

    def run(self, duration, sets=(), retain=None):
        hours = {"h": 1, "min": 1 / 60}[duration.lstrip("0123456789")]
        seconds = int(re.match(r"\d+", duration)[0]) * hours * 3600
        return Trace(self.csv(duration, sets, retain).splitlines()[1:], seconds)
