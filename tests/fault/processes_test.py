"""Each process is killed, halted and hung; a second one of it is started."""

import os
import pathlib
import signal
import sys
import time
import unittest

from faulty_line import FaultyLine, assert_contract, wait_until

BINARIES = sys.argv.pop(1)


def cpu_share(pid, seconds):
    """Of one core, over that time."""
    def used():
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    before = used()
    time.sleep(seconds)
    return (used() - before) / seconds


class BrokenProcesses(unittest.TestCase):

    def test_the_contract_holds_whichever_process_breaks(self):
        with FaultyLine(BINARIES) as faulty:
            self.break_the_collector(faulty)
            self.break_the_web(faulty)
            self.break_the_gateway(faulty)
            self.break_the_plc(faulty)
            assert_contract(self, faulty.end())

    def break_the_collector(self, faulty):
        for turn in range(3):
            with faulty.fault(f"collector killed, {turn + 1}", is_whole=True):
                faulty.kill("collector")
        with faulty.fault("collector halted for 3 s", is_whole=True):
            faulty.stop_for("collector", 3)
        with faulty.fault("collector hung until the supervisor ends it", is_whole=True):
            pid = faulty.line.pid("collector")
            os.kill(pid, signal.SIGSTOP)
            wait_until("another collector", lambda: faulty.line.replaced("collector", pid)
                       and faulty.line.healthy("collector"), timeout=60)

    def break_the_web(self, faulty):
        with faulty.fault("web killed", is_whole=True):
            faulty.kill("web")
        with faulty.fault("web halted for 3 s", is_whole=True):
            faulty.stop_for("web", 3)

    def break_the_gateway(self, faulty):
        with faulty.fault("gateway halted for 3 s", is_whole=True):
            faulty.stop_for("gateway", 3)
        with faulty.fault("gateway killed", is_whole=False):
            faulty.kill("gateway")

    def break_the_plc(self, faulty):
        with faulty.fault("PLC halted for 3 s", is_whole=False):
            faulty.stop_for("plc", 3)
            with self.subTest("a PLC that goes on does not turn without waiting"):
                self.assertLess(cpu_share(faulty.line.pid("plc"), 3), 0.7)
        with faulty.fault("PLC killed", is_whole=False):
            faulty.kill("plc")


class StartedTwice(unittest.TestCase):

    def test_a_second_process_says_who_runs_and_ends_with_3(self):
        with FaultyLine(BINARIES) as faulty:
            for process in ("plc", "gateway", "collector", "web"):
                with self.subTest(process):
                    second = faulty.line.run(program=f"wattline-{process}")
                    self.assertEqual(second.returncode, 3, second.stderr)
                    self.assertIn(f"already running, pid {faulty.line.pid(process)}",
                                  second.stderr)
            second = faulty.line.run("up")
            self.assertEqual(second.returncode, 3, second.stderr)
            self.assertIn(f"already running, pid {faulty.line.supervisor.pid}", second.stderr)
            self.assertTrue(faulty.line.all_healthy())


if __name__ == "__main__":
    unittest.main()
