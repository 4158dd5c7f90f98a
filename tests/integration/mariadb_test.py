"""The whole system on MariaDB: every command, the web, a server that comes late, dies and returns.

The server has the defaults of another country and another age: latin1, no strict mode, a zone of
+08:00. The tests are chapters of one installation's life and run in the order of their numbers."""

import contextlib
import csv
import datetime
import io
import json
import pathlib
import subprocess
import sys
import time
import unittest

from installation import Installation, wait_until
from mariadb_server import MariadbServer

BINARIES = sys.argv.pop(1)
DATABASE = "energy_management"
PASSWORD = "a-better-password"
FOREIGN_DEFAULTS = ("--character-set-server=latin1", "--collation-server=latin1_swedish_ci",
                    "--default-time-zone=+08:00", "--sql-mode=", "--init-connect=SET NAMES latin1")


def ok(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def utc_text(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


class WholeSystemOnMariadb(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = MariadbServer(*FOREIGN_DEFAULTS)
        cls.enterClassContext(cls.server)
        cls.server.create_database(DATABASE)
        settings = cls.server.settings(DATABASE)
        cls.line = Installation(BINARIES, {**settings, "BATCH_WRITE_INTERVAL": "1s",
                                           "BACKUP_INTERVAL": 0, "DEMO_HISTORY_DAYS": 0})
        cls.addClassCleanup(cls.line.close)
        cls.started = datetime.datetime.now(datetime.timezone.utc)

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            self.line.print_logs()
            result.stop()  # The later chapters build on this one.

    def tables(self):
        return self.server.sql("SELECT table_name FROM information_schema.tables"
                               f" WHERE table_schema = '{DATABASE}'")

    def collector_reason(self):
        status = self.line.status("collector")
        return status["reason"] if status and not status["healthy"] else ""

    def stored_batches(self):
        return int(self.line.status("collector")["details"]["batches_stored"])

    def scans_since(self, start):
        """What is stored of the scan counter, in order."""
        text = ok(self.line.run("export", "--points", "total.scan_count", "--from",
                                utc_text(start)))
        return [int(float(row["value"])) for row in csv.DictReader(io.StringIO(text))
                if row["point"] == "total.scan_count" and row["quality"] == "good"]

    def assert_sound(self, *how):
        report = json.loads(ok(self.line.run("db", "check", "--json", *how, timeout=120)))
        self.assertTrue(report["sound"], report["faults"])
        self.assertEqual(report["faults"], [])
        return report

    # --- commands ---------------------------------------------------------------------------

    def test_01_a_dry_run_names_the_steps_and_makes_nothing(self):
        said = ok(self.line.run("init-db", "--dry-run"))
        self.assertIn("dry run: nothing was changed", said)
        self.assertRegex(said, r"(?m)^step +\S")
        self.assertEqual(self.tables(), [])

    def test_02_commands_without_tables_name_the_next_step(self):
        refused = self.line.run("passwd", "admin", "--stdin", text_in=PASSWORD + "\n")
        self.assertEqual(refused.returncode, 2)
        self.assertIn(self.server.place, refused.stderr)
        self.assertIn("wattline init-db", refused.stderr)

    def test_03_init_db_makes_the_tables_and_a_second_time_nothing(self):
        said = ok(self.line.run("init-db"))
        self.assertIn(f"{DATABASE} at {self.server.place}", said)
        self.assertIn("admin / admin123 created", said)
        self.assertGreater(len(self.tables()), 15)
        users = self.server.sql("SELECT * FROM users", DATABASE)
        again = ok(self.line.run("init-db"))
        self.assertIn("nothing to do", again)
        self.assertIn("there already, unchanged", again)
        self.assertEqual(self.server.sql("SELECT * FROM users", DATABASE), users)

    def test_04_passwd_sets_the_password(self):
        self.assertIn("is changed", ok(self.line.run("passwd", "admin", "--stdin",
                                                     text_in=PASSWORD + "\n")))

    def test_05_a_day_of_demo_history_is_replayed(self):
        said = ok(self.line.run("demo-history", "--days", 1, timeout=120))
        self.assertRegex(said, r"stored 1,\d{3},\d{3} values")
        self.assertGreater(self.assert_sound()["samples"], 1_000_000)

    # --- running ----------------------------------------------------------------------------

    def test_06_the_web_starts_before_the_database_and_goes_on_by_itself(self):
        self.server.stop()
        with open(self.line.root / "web.early", "w", encoding="utf-8") as output:
            web = subprocess.Popen([self.line.binaries / "wattline-web", "--root", self.line.root],
                                   cwd=self.line.root, stdout=output, stderr=output)
        self.addCleanup(web.wait, 20)
        self.addCleanup(web.terminate)

        def sign_in():
            with contextlib.suppress(OSError):
                return self.line.request("POST", "/auth/login",
                                         {"username": "admin", "password": PASSWORD})
        status, problem = wait_until("the web answers", sign_in)
        self.assertEqual(status, 503, problem)
        self.assertIn("database", problem["error"] + problem["message"])
        self.server.start()
        wait_until("the web signs in", lambda: sign_in()[0] == 200)

    def test_07_the_line_starts_before_the_database_and_goes_on_by_itself(self):
        self.server.stop()
        self.line.launch()
        wait_until("the collector waits",
                   lambda: "waits for the database" in (self.collector_reason() or ""), timeout=60)
        wait_until("the reason names the server",
                   lambda: f"no database server answers at {self.server.place}"
                   in self.collector_reason())
        self.assertIn("DB_HOST and DB_PORT in .env", self.collector_reason())
        shown = self.line.run("status")
        self.assertEqual(shown.returncode, 1)
        self.assertIn(self.server.place, shown.stdout)
        collector = self.line.pid("collector")

        self.server.start()
        wait_until("all four processes healthy",
                   lambda: self.line.ended() or self.line.all_healthy(), timeout=90)
        self.assertFalse(self.line.ended(), self.line.output())
        self.assertEqual(self.line.pid("collector"), collector)
        log = (self.line.root / "logs/collector.log").read_text(encoding="utf-8")
        self.assertLessEqual(log.count("trying again by itself"), 3)
        self.assertIn("the database answers", log)

    def test_08_values_arrive_through_the_web(self):
        self.line.sign_in(password=PASSWORD)
        self.assertEqual(self.line.get("/api/devices")["total"], 5)
        wait_until("batches", lambda: self.stored_batches() > 2)

        def recent():
            return self.line.get("/api/devices/total/history?page_size=1000&start_time="
                                 + utc_text(self.started))["data"]
        wait_until("history of this run", lambda: len(recent()) > 3)
        self.assertIn("power_kw", recent()[0])
        day_ago = utc_text(self.started - datetime.timedelta(hours=23))
        summary = self.line.get(f"/api/energy/summary?start_time={day_ago}&end_time="
                                f"{utc_text(self.started)}")["summary"]
        self.assertGreater(summary["total_energy_kwh"], 20)
        self.assertEqual({device["device_id"] for device in summary["devices"]} & {"conveyor"},
                         {"conveyor"})
        hours = self.line.get(f"/api/devices/total/history?interval=hour&start_time={day_ago}")
        self.assertGreater(len(hours["data"]), 20)

    def test_09_doctor_and_status_find_nothing(self):
        said = self.line.run("doctor")
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        self.assertEqual(self.line.run("status").returncode, 0)

    def test_10_other_programs_read_utc_and_chinese_whatever_the_server_has(self):
        def newest():
            rows = self.server.sql("SET NAMES utf8mb4; SELECT timestamp, device_name, @@time_zone"
                                   " FROM energy_data WHERE device_id = 'conveyor'"
                                   " ORDER BY timestamp DESC LIMIT 1", DATABASE)
            return rows[0]
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        timestamp, name, zone = newest()
        self.assertEqual(zone, "+08:00")
        self.assertEqual(name, "上料传送带")
        age = now - datetime.datetime.strptime(timestamp, "%Y-%m-%d %H:%M:%S")
        self.assertLess(abs(age), datetime.timedelta(minutes=5))

    # --- faults -----------------------------------------------------------------------------

    def test_11_a_server_killed_and_restarted_costs_no_sample_and_doubles_none(self):
        start = datetime.datetime.now(datetime.timezone.utc)
        before = self.stored_batches()
        wait_until("a batch", lambda: self.stored_batches() > before)
        self.server.kill()
        reason = wait_until("the collector says so", self.collector_reason)
        wait_until("the message names the server",
                   lambda: f"no database server answers at {self.server.place}"
                   in self.collector_reason(), timeout=30)
        self.assertIn(self.server.place, reason)
        status, problem = self.line.request("GET", "/api/devices/total/history")
        self.assertEqual(status, 503, problem)
        self.assertGreater(self.line.current("total")["scan_count"], 0)
        failed_at = self.line.current("total")["scan_count"]

        self.server.start()
        wait_until("the collector is healthy", lambda: self.line.healthy("collector"), timeout=30)
        healed = time.time()
        # The age in the status is in whole seconds, and the status itself a second old at most.
        wait_until("what waited is stored", lambda: time.time() - 3 - int(
            self.line.status("collector")["details"]["spool_behind_s"]) > healed, timeout=40)
        scans = self.scans_since(start)
        self.assertLess(scans[0], failed_at)
        self.assertGreater(scans[-1], failed_at)
        self.assertEqual(scans, list(range(scans[0], scans[-1] + 1)))
        wait_until("the web reads again", lambda: self.line.request(
            "GET", "/api/devices/total/history")[0] == 200, timeout=30)

    def test_12_a_read_only_server_is_named(self):
        self.server.sql("SET GLOBAL read_only = 1")
        try:
            refused = self.line.run("passwd", "admin", "--stdin", text_in=PASSWORD + "\n")
            reason = wait_until("the collector says so", self.collector_reason)
        finally:
            self.server.sql("SET GLOBAL read_only = 0")
        self.assertEqual(refused.returncode, 2)
        for said in (refused.stderr, reason):
            self.assertIn(self.server.place, said)
            self.assertIn("is read-only", said)
            self.assertIn("Name the primary server in DB_HOST", said)
        wait_until("the collector is healthy", lambda: self.line.healthy("collector"), timeout=30)

    # --- keeping ----------------------------------------------------------------------------

    def test_13_a_backup_of_the_running_line_is_read_back(self):
        said = ok(self.line.run("backup", timeout=90))
        self.assertIn("read back and checked", said)
        refused = self.line.run("restore", pathlib.Path(said.split()[1]), "--force")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("already running", refused.stderr)

    def test_14_restore_refuses_to_overwrite_and_brings_everything_back_with_force(self):
        self.assertEqual(self.line.down(), 0)
        file = pathlib.Path(ok(self.line.run("backup", timeout=90)).split()[1])
        before = ok(self.line.run("export", "--from", utc_text(self.started)))
        self.assertGreater(before.count("\n"), 200)
        self.server.sql("DELETE FROM hot_parts; DELETE FROM users", DATABASE)

        refused = self.line.run("restore", file)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("--force", refused.stderr)
        self.assertEqual(self.server.sql("SELECT COUNT(*) FROM users", DATABASE), [["0"]])

        ok(self.line.run("restore", file, "--force", timeout=90))
        self.assertEqual(ok(self.line.run("export", "--from", utc_text(self.started))), before)
        self.assert_sound("--full")

    def test_15_the_restored_line_runs(self):
        self.line.launch()
        wait_until("all four processes healthy",
                   lambda: self.line.ended() or self.line.all_healthy(), timeout=60)
        self.line.sign_in(password=PASSWORD)
        self.assertEqual(self.line.down(), 0)
        self.assert_sound()

    # --- mending ----------------------------------------------------------------------------

    def test_16_repair_computes_lost_and_wrong_rollups_from_the_raw_samples(self):
        self.server.sql(
            "DELETE FROM minute_blocks WHERE point_id = 2;"
            "UPDATE quarter_blocks a JOIN quarter_blocks b ON b.start = a.start"
            " AND b.point_id = 4 SET a.body = b.body WHERE a.point_id = 3", DATABASE)
        damaged = self.line.run("db", "check", "--full", "--json", timeout=120)
        self.assertEqual(damaged.returncode, 1, damaged.stdout + damaged.stderr)
        faults = json.loads(damaged.stdout)["fault_count"]
        self.assertGreater(faults, 20)

        repaired = self.assert_sound("--repair")
        self.assertGreaterEqual(repaired["repair_count"], faults)
        self.assert_sound("--full")
        self.assertEqual(self.assert_sound("--repair")["repairs"], [])

    def test_17_the_energy_ledger_is_computed_again_from_stored_readings(self):
        def ledger():
            return self.server.sql("SELECT * FROM energy_ledger ORDER BY device_id, start",
                                   DATABASE)
        self.assertIn(" 0 quarter hours added, 0 corrected",
                      ok(self.line.run("db", "rebuild-energy", timeout=120)))
        before = ledger()
        self.assertGreater(len(before), 100)
        self.server.sql("DELETE FROM energy_ledger; DELETE FROM energy_days", DATABASE)

        said = ok(self.line.run("db", "rebuild-energy", timeout=120))
        self.assertIn(f" {len(before)} quarter hours added, 0 corrected", said)
        self.assertEqual(ledger(), before)
        self.assert_sound("--full")


if __name__ == "__main__":
    unittest.main(verbosity=2)
