"""The four real processes: values flow from the PLC to the browser's socket, and again after the
PLC was killed; what was counted is never lost."""

import os
import signal
import sys
import time
import unittest

from installation import Installation, wait_until
from live_client import collect

BINARIES = sys.argv.pop(1)


def live_values(line, seconds):
    """key → list of (value, quality) seen on the socket."""
    seen = {}
    for message in collect(line, seconds):
        for key, value in message.get("values", {}).items():
            seen.setdefault(key, []).append((value["v"], value["q"]))
    return seen


class LineFlow(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.context = Installation.start(BINARIES)
        cls.line = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)
        cls.line.sign_in()

    def energy(self, device="conveyor"):
        return self.line.current(device)["energy_kwh"]

    def test_1_every_device_is_listed(self):
        devices = self.line.get("/api/devices")
        self.assertEqual([d["id"] for d in devices["devices"]],
                         ["conveyor", "station1", "station2", "reject", "total"])
        self.assertEqual(devices["total"], 5)

    def test_2_the_line_starts_by_itself_and_draws_power(self):
        wait_until("conveyor running",
                   lambda: self.line.current("conveyor")["status"] == "running")
        wait_until("conveyor at speed",
                   lambda: self.line.current("conveyor")["speed"] > 1.4)
        self.assertGreater(self.line.current("conveyor")["power_kw"], 0.8)

    def test_3_the_socket_brings_a_snapshot_and_then_every_scan(self):
        messages = collect(self.line, 3)
        self.assertEqual(messages[0]["type"], "snapshot")
        self.assertTrue(messages[0]["link"]["up"])
        scans = [m["values"]["total.scan_count"]["v"] for m in messages[1:]
                 if "total.scan_count" in m["values"]]
        self.assertGreater(len(scans), 20)
        self.assertEqual(scans, list(range(int(scans[0]), int(scans[0]) + len(scans))))

    def test_4_a_killed_plc_is_bad_at_once_and_good_again_soon(self):
        before = self.energy()
        boots = self.line.current("total")["boot_count"]
        plc = self.line.pid("plc")
        os.kill(plc, signal.SIGKILL)
        killed = time.monotonic()
        wait_until("conveyor offline",
                   lambda: self.line.current("conveyor")["status"] == "offline", timeout=3)
        wait_until("a new PLC process", lambda: self.line.replaced("plc", plc)
                   and self.line.healthy("plc"), timeout=30)
        back = time.monotonic()
        wait_until("conveyor is back",
                   lambda: self.line.current("conveyor")["status"] != "offline", timeout=10)
        self.assertLess(time.monotonic() - back, 3.0)
        self.assertLess(back - killed, 30.0)
        self.assertEqual(self.line.current("total")["boot_count"], boots + 1)
        self.assertGreaterEqual(self.energy(), before)
        wait_until("conveyor running again",
                   lambda: self.line.current("conveyor")["status"] == "running")
        self.assertGreater(len(live_values(self.line, 2)["total.scan_count"]), 10)

    def test_5_history_holds_every_second_and_names_the_gap(self):
        answer = self.line.get("/api/devices/conveyor/history?page_size=1000")
        self.assertGreater(len(answer["data"]), 5)
        self.assertEqual(answer["pagination"]["page"], 1)
        self.assertIn("power_kw", answer["data"][0])

    def test_5b_the_energy_of_the_day_counts_with_the_meter_over_a_restart_of_the_collector(self):
        def pair():
            total = self.line.current("total")
            return total["energy_kwh"], total["energy_kwh_day"]
        collector = self.line.pid("collector")
        meter, day = pair()
        os.kill(collector, signal.SIGTERM)
        wait_until("another collector", lambda: self.line.replaced("collector", collector)
                   and self.line.all_healthy(), timeout=30)
        wait_until("the meter counts on", lambda: pair()[0] > meter + 0.001)
        later, day_later = pair()
        self.assertGreater(day_later, 0)
        self.assertAlmostEqual(day_later - day, later - meter, delta=0.005)

    def test_6_the_gateway_killed_leaves_a_gap_with_a_cause(self):
        gateway = self.line.pid("gateway")
        os.kill(gateway, signal.SIGKILL)
        wait_until("a new gateway", lambda: self.line.replaced("gateway", gateway)
                   and self.line.all_healthy(), timeout=30)
        wait_until("conveyor is back",
                   lambda: self.line.current("conveyor")["status"] != "offline", timeout=10)

        def gap_causes():
            answer = self.line.get("/api/devices/conveyor/history?page_size=1000")
            return [gap["cause"] for gap in answer.get("gaps", []) if gap["cause"]]
        self.assertTrue(wait_until("a recorded gap", gap_causes, timeout=30))

    def test_7_ctrl_c_stops_everything_and_loses_nothing(self):
        pids = [self.line.pid(p) for p in ("plc", "gateway", "collector", "web")]
        last = self.line.current("total")["scan_count"]
        self.assertEqual(self.line.down(), 0)
        self.assertEqual([p for p in pids if os.path.exists(f"/proc/{p}")], [])
        stored = self.line.query(
            "SELECT max(value) FROM latest JOIN points ON points.id = latest.point_id"
            " WHERE points.key = 'total.scan_count'")
        self.assertGreaterEqual(stored[0][0], last)


if __name__ == "__main__":
    unittest.main(verbosity=2)
