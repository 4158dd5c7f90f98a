"""A history for the built-in line: what `wattline demo-history` and a first start leave behind."""

import json
import pathlib
import signal
import sqlite3
import subprocess
import sys
import unittest

from installation import Installation, wait_until

BINARIES = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else None
DEVICES = {"conveyor", "station1", "station2", "reject", "total"}


def rows(line, sql, *values):
    with sqlite3.connect(f"file:{line.root}/data/wattline.db?mode=ro", uri=True) as database:
        return database.execute(sql, values).fetchall()


def falls(values):
    """Places where a counter went back."""
    return [pair for pair in zip(values, values[1:]) if pair[1] < pair[0]]


def latest(line, key):
    (value,), = rows(line, "SELECT l.value FROM latest l JOIN points p ON p.id = l.point_id"
                           " WHERE p.key = ?", key)
    return value


def minutes(line, device):
    return [value for (value,) in rows(
        line, "SELECT energy_kwh FROM energy_data WHERE device_id = ? AND energy_kwh IS NOT NULL"
              " ORDER BY timestamp", device)]


class DemoHistory(unittest.TestCase):
    def setUp(self):
        self.line = Installation(BINARIES)
        self.addCleanup(self.line.close)
        self.assertEqual(self.line.run("init-db").returncode, 0)

    def demo(self, *arguments, timeout=60):
        return self.line.run("demo-history", *arguments, timeout=timeout)

    def start(self, timeout=60):
        self.line.launch()
        wait_until("all four processes healthy",
                   lambda: self.line.ended() or self.line.all_healthy(), timeout)
        self.assertFalse(self.line.ended(), self.line.output())

    def assert_refused(self, done, reason):
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertRegex(done.stderr, reason)

    def assert_ledger_reconciles(self):
        """Every counter began at 0, so the sum of all buckets is what it shows."""
        for device in sorted(DEVICES):
            (energy,), = rows(self.line, "SELECT sum(milli_wh) FROM energy_ledger e JOIN devices d"
                                         " ON d.id = e.device_id WHERE d.key = ?", device)
            self.assertEqual(energy, round(latest(self.line, device + ".energy_kwh") * 1e6), device)

    def assert_oee_fits(self):
        """Times add up, pieces are those of the counter, and the line is as good as it is built."""
        (planned, elements, made, good_us, seen), = rows(
            self.line, "SELECT sum(planned_ms), sum(running_ms + minor_stop_ms + breakdown_ms"
                       " + setup_ms + idle_ms + unknown_ms), sum(produced), sum(ideal_good_us),"
                       " sum(planned_ms - unknown_ms) FROM oee_quarters")
        self.assertEqual(planned, elements)
        self.assertLessEqual(abs(made - latest(self.line, "total.product_count")), 1)
        self.assertGreater(good_us / 1000 / seen, 0.6)
        self.assertLess(good_us / 1000 / seen, 0.95)

    def assert_sound(self):
        done = self.line.run("db", "check", "--full", "--json", timeout=300)
        report = json.loads(done.stdout)
        self.assertEqual((report["faults"], done.returncode), ([], 0))
        self.assertGreater(report["hours_compared"], 400)

    def test_the_live_line_goes_on_where_a_day_of_history_ends(self):
        done = self.demo("--days", 1)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"(?m)^ 50 %")
        self.assertRegex(done.stdout, r"stored 1,\d{3},\d{3} values")
        self.assert_sound()
        self.assertEqual(latest(self.line, "total.boot_count"), 1)
        self.assert_ledger_reconciles()
        self.assert_oee_fits()
        history = minutes(self.line, "total")
        self.assertGreater(len(history), 1430)
        self.assertGreater(history[-1], 40)

        self.start()
        wait_until("values of the second boot are stored",
                   lambda: latest(self.line, "total.boot_count") == 2, 40)
        self.assertEqual(self.line.down(), 0)

        self.assertGreaterEqual(latest(self.line, "total.energy_kwh"), history[-1])
        self.assert_ledger_reconciles()
        for device in sorted(DEVICES):
            self.assertEqual(falls(minutes(self.line, device)), [], device)
        self.assertEqual(rows(self.line, "SELECT * FROM meter_events"), [])
        quarters = rows(self.line, "SELECT DISTINCT start FROM energy_ledger ORDER BY start")
        self.assertEqual({b - a for (a,), (b,) in zip(quarters, quarters[1:])}, {900_000})

        self.assert_refused(self.demo("--days", 1), "the PLC has run before")

    def test_the_first_start_fills_the_charts_and_the_second_does_not(self):
        self.line.settings["DEMO_HISTORY_DAYS"] = 1
        self.line.write_settings()

        self.start()
        self.assertIn("First start: making 1 days of history", self.line.output())
        self.assertEqual(self.line.down(), 0)
        before = rows(self.line, "SELECT count(*) FROM device_minutes")[0][0]
        self.assertGreater(before, 5 * 1430)
        self.start()
        self.assertNotIn("First start", self.line.output())
        self.assertEqual(self.line.down(), 0)

    def test_a_stop_leaves_a_whole_database_and_says_how_far_it_came(self):
        command = subprocess.Popen(
            [BINARIES / "wattline", "demo-history", "--days", "2000", "--root", self.line.root],
            cwd=self.line.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(command.kill)
        wait_until("values are stored", lambda: rows(
            self.line, "SELECT count(*) FROM energy_ledger")[0][0] > 50, 30)
        command.send_signal(signal.SIGINT)
        output, _ = command.communicate(timeout=30)

        self.assertEqual(command.returncode, 1, output)
        self.assertRegex(output, r"stored [\d,]+ values in \d+ batches, .* to ")
        self.assertIn("goes on from what is there", output)
        self.assert_ledger_reconciles()
        self.assertTrue(list((self.line.root / "data/retain").glob("retain-*.img")))

    def test_it_is_refused_where_it_would_be_a_lie(self):
        self.line.settings["OPC_UA_SERVER_URL"] = "opc.tcp://127.0.0.1:4999"
        self.line.write_settings()
        self.assert_refused(self.demo(), "not the gateway of this installation")
        self.line.settings["OPC_UA_SERVER_URL"] = (
            f"opc.tcp://127.0.0.1:{self.line.ports['gateway']}")
        self.line.settings["PLC_OPC_UA_PORT"] = 4998
        self.line.write_settings()
        gateway = self.line.root / "config/gateway.json"
        gateway.write_text(gateway.read_text().replace(
            "opc.tcp://${PLC_OPC_UA_HOST}:${PLC_OPC_UA_PORT}", "opc.tcp://10.0.0.5:4840"))
        self.assert_refused(self.demo(), "10.0.0.5:4840, which is not the built-in PLC")

    def test_a_feed_is_replayed_once_and_not_beside_a_collector(self):
        feed = self.line.root / "feed"
        made = self.line.run("--virtual", "--duration", "2h", "--start", "2026-01-05", "--seed",
                             "7", "--feed", feed, program="wattline-plc")
        self.assertEqual(made.returncode, 0, made.stderr)

        first = self.line.run("--replay", feed, program="wattline-collector")
        again = self.line.run("--replay", feed, program="wattline-collector")
        torn = self.line.root / "torn"
        torn.write_text("".join(feed.read_text().splitlines(keepends=True)[:-2]))
        cut = self.line.run("--replay", torn, "--force", program="wattline-collector")

        self.assertEqual(first.returncode, 0, first.stdout + first.stderr)
        self.assertEqual(again.returncode, 2)
        self.assertIn("the database holds values from 2026-01-05", again.stderr)
        self.assertEqual(cut.returncode, 1)
        self.assertIn("ended without its last line", cut.stdout)


if __name__ == "__main__":
    unittest.main()
