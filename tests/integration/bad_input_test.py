"""Mistakes of a user: each ends with exit code 2, names its place, leaves old data untouched."""

import contextlib
import hashlib
import os
import socket
import sqlite3
import subprocess
import sys
import unittest

from installation import Installation

BINARIES = sys.argv.pop(1)


class BadInput(unittest.TestCase):

    def setUp(self):
        self.line = Installation(BINARIES)
        self.addCleanup(self.line.close)

    def refused(self, program, *arguments):
        result = self.line.run(*arguments, program=program, timeout=60)
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        return result.stderr

    def edit(self, path, old, new):
        file = self.line.root / path
        text = file.read_text(encoding="utf-8")
        self.assertIn(old, text)
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def database_hash(self):
        return hashlib.sha256((self.line.root / "data/wattline.db").read_bytes()).hexdigest()

    def test_a_syntax_error_names_file_line_column_and_shows_a_caret(self):
        self.edit("plc_program/FB_EnergyMeter.st", "lrReading := F_EnergyReading(lrEnergy);",
                  "lrReading := F_EnergyReading(lrEnergy;")
        message = self.refused("wattline-plc")
        self.assertRegex(message, r"FB_EnergyMeter\.st:\d+:\d+: error P\d{4}")
        self.assertIn("lrReading := F_EnergyReading(lrEnergy;", message)
        self.assertIn("^", message)

    def test_a_misspelt_variable_gets_a_suggestion(self):
        self.edit("plc_program/PLC_PRG.st", "rConveyorSpeed := fbConveyor.rSpeed;",
                  "rConveyorSped := fbConveyor.rSpeed;")
        self.assertIn("rConveyorSpeed", self.refused("wattline-plc", "--check"))

    def test_a_broken_program_leaves_the_retained_counters_alone(self):
        retain = self.line.root / "data/retain"
        retain.mkdir(parents=True)
        (retain / "keep-me").write_text("old")
        self.edit("plc_program/PLC_PRG.st", "END_PROGRAM", "")
        self.refused("wattline-plc")
        self.assertEqual((retain / "keep-me").read_text(), "old")

    def test_a_taken_port_is_named_with_its_key(self):
        self.assertEqual(self.line.run("init-db").returncode, 0)
        for program, port, key in (("wattline-plc", "plc", "PLC_OPC_UA_PORT"),
                                   ("wattline-gateway", "gateway", "GATEWAY_OPC_UA_PORT"),
                                   ("wattline-web", "web", "WEB_PORT")):
            with self.subTest(program), socket.socket() as taken:
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                taken.bind(("127.0.0.1", self.line.ports[port]))
                taken.listen()
                message = self.refused(program)
                self.assertIn(str(self.line.ports[port]), message)
                self.assertIn(key, message)

    def test_a_bad_env_value_names_file_line_and_key(self):
        self.line.settings["WEB_PORT"] = "fifty"
        self.line.write_settings()
        for program in ("wattline-plc", "wattline-gateway", "wattline-collector", "wattline-web"):
            with self.subTest(program):
                self.assertRegex(self.refused(program), r"\.env:1: WEB_PORT: .*fifty")

    def test_a_bad_json_value_names_file_line_and_key(self):
        self.edit("config/gateway.json", '"type": "Boolean"', '"type": "Boolen"')
        self.assertRegex(self.refused("wattline-gateway"), r"gateway\.json:\d+: .*type.*Boole")
        self.edit("config/plant.json", '"kind": "measurement"', '"kind": "measurment"')
        self.assertEqual(self.line.run("init-db").returncode, 0)
        self.assertRegex(self.refused("wattline-collector"), r"plant\.json:\d+: .*kind")

    def test_an_unwritable_data_folder_is_named(self):
        data = self.line.root / "data"
        data.write_text("a file where the folder should be")
        for program in ("wattline-plc", "wattline-collector"):
            with self.subTest(program):
                self.assertIn(str(data), self.refused(program))

    def test_a_file_that_is_no_database_is_refused_and_kept(self):
        (self.line.root / "data").mkdir()
        (self.line.root / "data/wattline.db").write_bytes(b"precious notes, not a database " * 99)
        before = self.database_hash()
        result = self.line.run("init-db")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("wattline.db", result.stderr)
        self.assertEqual(self.database_hash(), before)

    def test_init_db_twice_changes_nothing(self):
        self.assertEqual(self.line.run("init-db").returncode, 0)
        before = self.line.query("SELECT * FROM users")
        self.assertEqual(self.line.run("init-db").returncode, 0)
        self.assertEqual(self.line.query("SELECT * FROM users"), before)

    def test_init_db_gives_default_thresholds_once(self):
        count = "SELECT count(*) FROM thresholds WHERE parameter_name = 'power_kw'"
        self.assertEqual(self.line.run("init-db").returncode, 0)
        self.assertEqual(self.line.query(count), [(9,)])
        path = self.line.root / "data/wattline.db"
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            database.execute("DELETE FROM thresholds WHERE device_id = 'reject'")
        self.assertEqual(self.line.run("init-db").returncode, 0)
        self.assertEqual(self.line.query(count), [(8,)])

    def test_no_write_permission_for_data_names_the_path(self):
        root = self.line.root
        (root / "data").mkdir()
        os.chmod(root, 0o755)
        os.chmod(root / "data", 0o555)
        environment = {"PATH": os.environ["PATH"]}
        result = subprocess.run(
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
             self.line.binaries / "wattline-plc", "--root", root],
            cwd="/", env=environment, text=True, stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn(str(root), result.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
