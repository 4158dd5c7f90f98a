"""An administrator tells the real line what to do, through gateway and PLC; what cannot be proven
or recorded is refused. State, logs, backups and metrics of the running installation beside it."""

import contextlib
import os
import signal
import sys
import unittest

from installation import Installation, wait_until

BINARIES = sys.argv.pop(1)
TOTAL = "/api/devices/total/commands"
CONVEYOR = "/api/devices/conveyor/commands"


class Commands(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.line = cls.enterClassContext(Installation.start(BINARIES))
        cls.line.sign_in()
        wait_until("values of the line", lambda: cls.line.current("total")["quality"] == "good")

    def command(self, command, path=TOTAL, **members):
        return self.line.request("POST", path, {"command": command, **members}, timeout=20)

    def done(self, command, path=TOTAL, **members):
        status, answer = self.command(command, path, **members)
        self.assertEqual(status, 200, answer)
        self.assertTrue(answer["confirmed"])
        return answer

    def state(self):
        return self.line.current("total")["status"]

    def audited(self, action):
        status, answer = self.line.request("GET", f"/api/audit?action={action}")
        self.assertEqual(status, 200, answer)
        return [entry for entry in answer["entries"] if entry["action"] == action]

    def test_1_stop_and_start_are_followed_by_the_line(self):
        # The line starts by itself, so it may be in either state.
        self.assertEqual(self.done("stop")["state_after"], "standby")
        wait_until("standby at the collector", lambda: self.state() == "standby")
        answer = self.done("start")
        self.assertEqual((answer["state_before"], answer["state_after"], answer["confirmed_by"]),
                         ("standby", "running", "state"))
        wait_until("running at the collector", lambda: self.state() == "running")

    def test_2_a_set_point_is_read_back(self):
        answer = self.done("set_speed", CONVEYOR, value=2.25)
        self.assertEqual((answer["value_after"], answer["confirmed_by"]), (2.25, "value"))
        points = {point["point"]: point for point in self.line.get("/api/points")["points"]}
        self.assertEqual(points["conveyor.speed"]["access"], "R")
        wait_until("the belt is faster", lambda: self.line.current("conveyor")["speed"] > 2)
        status, answer = self.command("set_speed", CONVEYOR, value=5.5)
        self.assertEqual(status, 400, answer)

    def test_3_an_emergency_stop_holds_until_it_is_released_and_reset(self):
        answer = self.done("emergency_stop")
        self.assertEqual((answer["value_after"], answer["state_after"]), (True, "fault"))
        # The controller takes the edge and stays in fault.
        self.assertEqual(self.done("reset")["confirmed_by"], "cleared")
        self.assertFalse(self.done("release_emergency_stop")["value_after"])
        self.assertEqual(self.done("reset")["state_after"], "standby")
        self.assertEqual(self.done("start")["state_after"], "running")

    def test_4_who_is_no_administrator_is_refused(self):
        visitor = self.line.visitor()
        self.assertEqual(visitor.request("POST", TOTAL, {"command": "stop"})[0], 401)
        status, answer = self.line.request(
            "POST", "/api/users",
            {"username": "operator", "password": "operator-1", "role": "user"})
        self.assertEqual(status, 201, answer)
        visitor.sign_in("operator", "operator-1")
        self.assertEqual(visitor.request("POST", TOTAL, {"command": "stop"})[0], 403)
        self.assertEqual(visitor.request("GET", "/api/logs?process=web")[0], 403)
        self.assertEqual(visitor.get(TOTAL)["total"], 5)

    def test_5_while_the_controller_is_away_nothing_is_written_and_the_answer_says_why(self):
        pid = self.line.pid("plc")
        os.kill(pid, signal.SIGSTOP)
        try:
            wait_until("bad quality", lambda: self.line.current("total")["quality"] == "bad")
            for command in ("stop", "emergency_stop"):
                status, answer = self.command(command)
                self.assertEqual((status, answer["error"]), (409, "line_not_ready"), answer)
                self.assertIn("Bad", answer["message"])
        finally:
            with contextlib.suppress(ProcessLookupError):  # The supervisor may end it before.
                os.kill(pid, signal.SIGCONT)
        wait_until("the controller is back", lambda: self.line.healthy("plc")
                   and self.line.current("total")["quality"] == "good", timeout=60)

    def test_6_intent_and_outcome_of_commands_are_in_the_audit_log(self):
        entries = self.audited("command.set_speed")
        outcomes = "".join(entry["after"] for entry in entries)
        self.assertIn("ordered", outcomes)
        self.assertIn("confirmed", outcomes)
        self.assertEqual({entry["actor"] for entry in entries}, {"admin"})

    def test_7_the_state_of_the_system_is_that_of_the_running_processes(self):
        state = self.line.get("/api/system")
        processes = {process["name"]: process for process in state["processes"]}
        for name in ("wattline", "plc", "gateway", "collector", "web"):
            self.assertEqual(processes[name]["state"], "running", name)
            self.assertGreater(processes[name]["memory_mb"], 1, name)
            self.assertGreaterEqual(processes[name]["cpu_percent"], 0, name)
        self.assertEqual(processes["plc"]["pid"], self.line.pid("plc"))
        self.assertGreater(state["plc"]["scan_ms"], 0)
        self.assertGreaterEqual(state["spool"]["rows"], 0)
        self.assertGreater(state["db"]["size_mb"], 0)
        metrics = self.line.request("GET", "/metrics")[1]
        self.assertIn('wattline_up{process="collector"} 1', metrics)
        self.assertIn("wattline_gateway_tags ", metrics)
        self.assertIn("wattline_plc_scan_us_mean ", metrics)

    def test_8_logs_are_read_by_their_process(self):
        log = self.line.get("/api/logs?process=web&lines=2000")
        self.assertTrue(any("command start" in line["text"] for line in log["lines"]))

    def test_9_a_backup_runs_beside_the_line(self):
        status, answer = self.line.request("POST", "/api/backup", {})
        self.assertEqual(status, 202, answer)
        self.assertEqual(answer["backup"]["state"], "running")
        run = wait_until("the end of the backup", lambda: self.ended_run(), timeout=60)
        self.assertEqual(run["state"], "finished", run)
        names = [backup["name"] for backup in self.line.get("/api/backups")["backups"]]
        self.assertIn(run["file"], names)
        self.assertTrue(self.audited("backup.finished"))

    def ended_run(self):
        run = self.line.get("/api/backups")["run"]
        return run if run and run["state"] != "running" else None


if __name__ == "__main__":
    unittest.main(verbosity=2)
