"""`wattline`: one installation at a time, restarts what dies, never trades a running line for a
broken program, and the doctor names the first broken link."""

import contextlib
import os
import re
import signal
import sys
import time
import unittest

from installation import PROCESSES, Installation, wait_until

BINARIES = sys.argv.pop(1)


class Supervisor(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.context = Installation.start(BINARIES)
        cls.line = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)
        cls.line.sign_in()

    def setUp(self):
        wait_until("all healthy", self.line.all_healthy, timeout=60)
        wait_until("the first batch in the database",
                   lambda: self.line.query("SELECT count(*) FROM ingest_batch")[0][0] > 0)

    @contextlib.contextmanager
    def stopped(self, process):
        """The process hangs meanwhile (SIGSTOP)."""
        pid = self.line.pid(process)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            # The supervisor may have replaced the hung process meanwhile.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def doctor(self):
        return self.line.run("doctor", timeout=60)

    def test_a_second_start_says_already_running(self):
        result = self.line.run("up")
        self.assertEqual(result.returncode, 3)
        self.assertIn(f"already running, pid {self.line.supervisor.pid}",
                      result.stdout + result.stderr)
        self.assertTrue(self.line.all_healthy())

    def test_status_shows_the_four_processes(self):
        result = self.line.run("status")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        for process in PROCESSES:
            self.assertIn(process, result.stdout)
            self.assertIn(str(self.line.pid(process)), result.stdout)

    def test_logs_of_all_processes_are_shown(self):
        result = self.line.run("logs", "-n", "200")
        self.assertEqual(result.returncode, 0, result.stderr)
        for process in PROCESSES:
            self.assertIn(process, result.stdout)

    def test_a_dead_process_comes_back(self):
        for process in PROCESSES:
            with self.subTest(process):
                pid = self.line.pid(process)
                os.kill(pid, signal.SIGKILL)
                wait_until(f"a new {process}",
                           lambda: self.line.replaced(process, pid)
                           and self.line.healthy(process), timeout=40)

    def test_a_changed_number_takes_effect_with_restart_plc(self):
        config = self.line.root / "plc_program/GVL_Config.st"
        text = config.read_text(encoding="utf-8")
        config.write_text(re.sub(r"(SPEED_DEFAULT\s*:\s*REAL := )1\.5", r"\g<1>2.0", text),
                          encoding="utf-8")
        counted = self.line.current("total")["runtime_seconds"]
        result = self.line.run("restart", "plc", timeout=90)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        wait_until("the new speed", lambda: (self.line.current("conveyor")["speed"] or 0) > 1.9,
                   timeout=30)
        self.assertGreaterEqual(self.line.current("total")["runtime_seconds"], counted)

    def test_a_broken_program_is_shown_and_the_line_goes_on(self):
        program = self.line.root / "plc_program/PLC_PRG.st"
        text = program.read_text(encoding="utf-8")
        pid = self.line.pid("plc")
        program.write_text(text.replace("END_CASE;", "END_CASE", 1).replace("CASE eSystemState",
                                                                            "CASE eSystemStat"))
        self.addCleanup(program.write_text, text)
        result = self.line.run("restart", "plc", timeout=90)
        self.assertNotEqual(result.returncode, 0)
        self.assertRegex(result.stdout + result.stderr, r"PLC_PRG\.st:\d+:\d+: error P\d{4}")
        self.assertEqual(self.line.pid("plc"), pid)
        self.assertTrue(self.line.healthy("plc"))

    def test_doctor_finds_nothing_wrong_with_a_healthy_line(self):
        result = self.doctor()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_doctor_names_the_first_broken_link(self):
        for process, word in (("plc", "PLC"), ("gateway", "gateway"), ("collector", "collector"),
                              ("web", "web")):
            with self.subTest(process):
                wait_until("all healthy", self.line.all_healthy, timeout=60)
                with self.stopped(process):
                    result = self.doctor()
                self.assertEqual(result.returncode, 1, result.stdout)
                self.assertRegex(result.stdout.lower(), rf"first broken.*{word.lower()}")

    def test_doctor_names_the_database(self):
        database = self.line.root / "data/wattline.db"
        hidden = database.with_suffix(".hidden")
        database.rename(hidden)
        try:
            result = self.doctor()
        finally:
            hidden.rename(database)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertRegex(result.stdout.lower(), r"first broken.*database")

    def test_an_endless_loop_is_a_named_fault_and_the_process_lives(self):
        program = self.line.root / "plc_program/PLC_PRG.st"
        text = program.read_text(encoding="utf-8")
        program.write_text(text.replace(
            "  udiScanCount := udiScanCount + 1;",
            "  udiScanCount := udiScanCount + 1;\n"
            "  WHILE udiScanCount > 20 DO diOnTheWay := diOnTheWay + 0; END_WHILE;", 1))
        self.line.run("restart", "plc", timeout=90)
        try:
            reason = wait_until("the watchdog fault",
                                lambda: (self.line.status("plc") or {}).get("reason"), timeout=30)
            self.assertRegex(reason, r"PLC_PRG.*PLC_PRG\.st:\d+")
            wait_until("bad quality", lambda: self.line.current("conveyor")["status"] == "offline")
        finally:
            program.write_text(text)
            self.line.run("restart", "plc", timeout=90)
        wait_until("the line is back",
                   lambda: self.line.current("conveyor")["status"] == "running", timeout=30)

    def test_z_down_stops_all(self):
        pids = [self.line.pid(process) for process in PROCESSES]
        started = time.monotonic()
        result = self.line.run("down")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertLess(time.monotonic() - started, 20)
        self.assertEqual([p for p in pids if os.path.exists(f"/proc/{p}")], [])
        self.line.supervisor.wait(5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
