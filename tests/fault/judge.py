"""The truth log against the database: what is missing, doubled or invented, which gaps stand."""

import collections
import csv
import datetime
import io

POINT, LINK = "total.scan_count", "wattline.link"
EPOCH = datetime.datetime.fromisoformat("1970-01-01T00:00:00+00:00")
# A fault begins to tell on the line a keep-alive before it is seen, and its gap ends a little after
# the heal: reconnecting, the subscription and the first value.
BEFORE_MS, AFTER_MS = 2_500, 12_000


def unix_ms(text):
    return (datetime.datetime.fromisoformat(text) - EPOCH) // datetime.timedelta(milliseconds=1)


def read_truth(path):
    """ms → (boot, scan)."""
    rows = (row.split(",") for row in path.read_text(encoding="utf-8").splitlines())
    return {int(ms): (int(boot), int(scan)) for boot, scan, ms in rows}


class Verdict:
    """Of one run. All times are Unix milliseconds."""

    def __init__(self, truth, export, windows):
        """`windows`: (name, begin, end, is_whole) of each fault."""
        self.windows = windows
        rows = list(csv.DictReader(io.StringIO(export)))
        good = [(unix_ms(row["time"]), int(float(row["value"]))) for row in rows
                if row["point"] == POINT and row["quality"] == "good"]
        stored = dict(good)
        times = collections.Counter(ms for ms, _ in good)
        self.doubled = [ms for ms, count in times.items() if count > 1]
        first, last = min(stored), max(stored)
        expected = {ms: scan for ms, (_, scan) in truth.items() if first <= ms <= last}
        self.scans = len(expected)
        self.missing = [ms for ms, scan in expected.items() if stored.get(ms) != scan]
        self.invented = [ms for ms, scan in good if expected.get(ms) != scan]
        # A tag that was Bad from one scan to the next hides none: the link was lost in between, and
        # what the PLC sent again followed.
        hiding = [time for time in _bad_times(rows, last)
                  if any(time[0] < ms < time[1] for ms in truth)]
        self.gaps = sorted(_link_gaps(rows, first, last) + hiding)
        self.unexplained = [ms for ms in self.missing
                            if not any(begin <= ms <= end for begin, end in self.gaps)]
        self.false_gaps = [gap for gap in self.gaps if not self._is_explained(gap)]

    def _is_explained(self, gap):
        return any(begin - BEFORE_MS <= gap[0] and gap[1] <= end + AFTER_MS
                   for _, begin, end, is_whole in self.windows if not is_whole)

    def of_window(self, window):
        """Missing scans and gaps in the time of one fault; it ends when new values are seen."""
        _, begin, end, _ = window
        return ([ms for ms in self.missing if begin <= ms <= end],
                [gap for gap in self.gaps if gap[0] < end and gap[1] > begin])


def _link_gaps(rows, first, last):
    gaps, begin, is_known = [], None, False
    for row in (row for row in rows if row["point"] == LINK):
        is_known = is_known or row["value"] == "1"
        if not is_known:
            continue  # The time before the first sign of life.
        alive, at = row["value"] == "1", unix_ms(row["time"])
        if alive and begin is not None:
            gaps.append((begin, at))
        begin = None if alive else (at if begin is None else begin)
    if begin is not None:
        gaps.append((begin, last))
    return [gap for gap in gaps if gap[1] > first and gap[0] < last]


def _bad_times(rows, last):
    times, begin = [], None
    for row in (row for row in rows if row["point"] == POINT):
        at = unix_ms(row["time"])
        if row["quality"] == "good":
            if begin is not None:
                times.append((begin, at))
            begin = None
        elif begin is None:
            begin = at
    return times + ([(begin, last)] if begin is not None else [])
