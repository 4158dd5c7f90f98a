"""Backup, restore, check, export and import with the real processes: what is kept comes back, a
killed command leaves the old or the new, and damage is found and named."""

import json
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

from installation import Installation, wait_until

BINARIES = sys.argv.pop(1)
FIRST_SCHEMA = (pathlib.Path(__file__).resolve().parents[2]
                / "src/storage/schema/sqlite/0001_first_tables.sql")
PASSWORD = "a-better-password"


def ok(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def backups(line):
    return sorted((line.root / "backups").glob("wattline-*.tar.zst"))


def exported(line, *arguments):
    return ok(line.run("export", *arguments))


def energy(line):
    with sqlite3.connect(f"file:{line.root}/data/wattline.db?mode=ro", uri=True) as database:
        return dict(database.execute("SELECT d.key, sum(e.milli_wh) FROM energy_ledger e JOIN"
                                     " devices d ON d.id = e.device_id GROUP BY d.key"))


def sound(path):
    with sqlite3.connect(path) as database:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def run_and_kill(line, arguments, after):
    """SIGKILL after so many seconds; True when the command was still at work."""
    command = subprocess.Popen([line.binaries / "wattline", *arguments, "--root", line.root],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    at_work = command.poll() is None
    command.send_signal(signal.SIGKILL)
    command.wait()
    return at_work


class Keeping(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.line = Installation(BINARIES, {"BACKUP_INTERVAL": "2s", "BATCH_WRITE_INTERVAL": "1s",
                                           "BACKUP_KEEP": 3, "DEMO_HISTORY_DAYS": 0})
        cls.addClassCleanup(cls.line.close)
        cls.line.up()
        ok(cls.line.run("passwd", "admin", "--stdin", text_in=PASSWORD + "\n"))
        wait_until("stored history", lambda: exported(cls.line).count("\n") > 200)

    def other(self, settings=None):
        """A second installation, stopped."""
        line = Installation(BINARIES, {"BACKUP_INTERVAL": 0, "DEMO_HISTORY_DAYS": 0,
                                       **(settings or {})})
        self.addCleanup(line.close)
        return line

    def backed_up(self):
        # Not where the supervisor makes and rotates its own at the same time.
        said = ok(self.line.run("backup", "--to", self.line.root / "kept"))
        self.assertIn("read back and checked", said)
        return pathlib.Path(said.split()[1])

    def test_1_the_supervisor_makes_backups_and_rotates_them(self):
        wait_until("three backups", lambda: len(backups(self.line)) == 3, timeout=60)
        status = json.loads(self.line.run("status", "--json").stdout)
        self.assertIn("backup", status["processes"][0]["details"])

    def test_2_a_backup_of_the_running_line_comes_back_elsewhere(self):
        file = self.backed_up()
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        second = self.other()
        ok(second.run("restore", file, "--data-only"))
        theirs = exported(second)
        self.assertGreater(theirs.count("\n"), 200)
        ours = set(exported(self.line).splitlines())
        missing = [text for text in theirs.splitlines()
                   if text not in ours and ",wattline.link," not in text]
        self.assertEqual(missing, [])
        second.up()
        second.sign_in(password=PASSWORD)
        self.assertGreater(len(second.get("/api/devices")["devices"]), 4)

    def test_3_restoring_refuses_while_the_line_runs(self):
        refused = self.line.run("restore", self.backed_up(), "--force")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("already running, pid", refused.stderr)

    def test_4_a_flipped_byte_is_found_and_the_file_is_named(self):
        bytes_ = bytearray(self.backed_up().read_bytes())
        bytes_[len(bytes_) // 2] ^= 1
        damaged = self.line.root / "damaged.tar.zst"
        damaged.write_bytes(bytes_)
        second = self.other()
        refused = second.run("restore", damaged, "--dry-run")
        self.assertEqual(refused.returncode, 1)
        self.assertIn(str(damaged), refused.stderr)
        self.assertFalse((second.root / "data" / "wattline.db").exists())

    def test_5_the_database_of_the_running_line_is_sound(self):
        report = json.loads(ok(self.line.run("db", "check", "--full", "--json")))
        self.assertTrue(report["sound"], report["faults"])
        self.assertGreater(report["samples"], 100)

    def test_6_an_export_imported_elsewhere_is_the_same_export(self):
        second = self.other()
        ok(second.run("restore", self.backed_up(), "--data-only"))
        text = exported(second)
        third = self.other()
        ok(third.run("init-db"))
        (third.root / "history.csv").write_text(text, encoding="utf-8")
        self.assertIn("imported", ok(third.run("import", third.root / "history.csv")))
        self.assertEqual(exported(third), text)
        self.assertEqual(energy(third), energy(second))
        report = json.loads(ok(third.run("db", "check", "--repair", "--json")))
        self.assertEqual((report["faults"], report["repairs"]), ([], []))
        again = ok(third.run("import", third.root / "history.csv"))
        self.assertIn("imported  0 samples", again)
        refused = self.line.run("import", third.root / "history.csv")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("the collector is already running", refused.stderr)
        for command in (["db", "check", "--repair"], ["db", "rebuild-energy"]):
            self.assertIn("the collector is already running", self.line.run(*command).stderr)

    def test_7_an_old_database_is_converted_with_its_energy(self):
        line = self.other()
        (line.root / "data").mkdir(exist_ok=True)
        with sqlite3.connect(line.root / "data" / "wattline.db") as old:
            old.executescript(FIRST_SCHEMA.read_text(encoding="utf-8"))
            old.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY,"
                        " name TEXT NOT NULL) STRICT")
            old.execute("INSERT INTO schema_version VALUES (1, '0001_first_tables')")
            old.execute("INSERT INTO devices VALUES (1, 'conveyor')")
            old.execute("INSERT INTO points VALUES (1, 1, 'conveyor.energy_kwh', 'kWh')")
            minutes = [(1_780_000_000_000 + m * 60_000, 50 + m / 100) for m in range(2000)]
            old.executemany("INSERT INTO samples VALUES (1, ?, ?, 0)", minutes)
            old.execute("INSERT INTO latest VALUES (1, ?, ?, 0)", minutes[-1])
            old.execute("INSERT INTO link_intervals VALUES (?, ?, 1, '')",
                        (minutes[0][0], minutes[-1][0] + 1))
        self.assertIn("conveyor: 19.990000 kWh, before 0.000000 kWh", ok(line.run("init-db")))
        self.assertEqual(energy(line), {"conveyor": 19_990_000})
        report = json.loads(ok(line.run("db", "check", "--full", "--json")))
        self.assertEqual((report["faults"], report["notes"]), ([], []))
        again = ok(line.run("db", "rebuild-energy"))
        self.assertIn(" 0 quarter hours added, 0 corrected", again)

    def test_8_a_killed_backup_leaves_no_file_and_the_next_one_is_whole(self):
        second = self.other()
        ok(second.run("restore", self.backed_up(), "--data-only"))
        killed = [run_and_kill(second, ["backup"], after / 100) for after in range(1, 40, 3)]
        self.assertIn(True, killed)
        for file in backups(second):
            ok(self.other().run("restore", file, "--data-only", "--dry-run"))
        ok(second.run("backup"))
        left = [path.name for path in (second.root / "backups").iterdir()
                if path.name.endswith(".part")]
        self.assertEqual(left, [])

    def test_9_a_killed_restore_leaves_the_old_or_the_new(self):
        file = self.backed_up()
        second = self.other({"WEB_PORT": 4999})
        ok(second.run("init-db"))
        database = second.root / "data" / "wattline.db"
        third = self.other()
        ok(third.run("init-db"))
        begin = time.monotonic()
        ok(third.run("restore", file, "--force"))
        whole = time.monotonic() - begin  # Depends on the machine and on how many files there are.
        seen = set()
        for tenths in range(1, 16):
            run_and_kill(second, ["restore", str(file), "--force"], whole * tenths / 10)
            finished = second.run("restore", "--finish")
            self.assertEqual(finished.returncode, 0, finished.stderr)
            self.assertTrue(sound(database))
            env = (second.root / ".env").read_text(encoding="utf-8")
            new = "BATCH_WRITE_INTERVAL=1s" in env
            with sqlite3.connect(database) as opened:
                chunks = opened.execute("SELECT count(*) FROM hot_parts").fetchone()[0]
            self.assertEqual(new, chunks > 0, "settings and database are of one installation")
            seen.add(new)
        self.assertIn(True, seen)
        self.assertFalse((second.root / "restore-plan.json").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
