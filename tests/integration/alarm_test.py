"""A rule raises a real alarm, a person acknowledges it through the web, and both outlive a kill of
the collector; a controller that is down is one alarm that says so."""

import contextlib
import os
import signal
import sys
import unittest

from installation import Installation, wait_until

BINARIES = sys.argv.pop(1)
# The line draws standby power at least, so this is passed.
RULE = {"device_id": "total", "parameter_name": "power_kw", "threshold_value": 0.01,
        "alarm_level": "emergency"}


class Alarms(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.line = cls.enterClassContext(Installation.start(
            BINARIES, {"ALARM_CONSECUTIVE_COUNT": "1"}))
        cls.line.sign_in()

    def alarms(self, query=""):
        return self.line.get("/api/alarms?page_size=500" + query)["alarms"]

    def one(self, kind):
        return next((alarm for alarm in self.alarms() if alarm["alarm_type"] == kind), None)

    def raised(self):
        return next((alarm for alarm in self.alarms("&device_id=total")
                     if alarm["alarm_level"] == "emergency"), None)

    def test_1_a_new_rule_raises_its_alarm_at_once(self):
        status, answer = self.line.request("POST", "/api/thresholds", RULE)
        self.assertIn(status, (200, 201), answer)
        self.assertIsNone(answer.get("warning"), answer)
        alarm = wait_until("the alarm", self.raised)
        self.assertEqual(alarm["alarm_type"], "power_kw_threshold")
        self.assertEqual(alarm["state"], "active_unacked")
        self.assertGreater(alarm["actual_value"], 0)

    def test_2_an_acknowledgement_is_done_when_it_is_answered(self):
        alarm = self.raised()
        status, answer = self.line.request(
            "POST", f"/api/alarms/{alarm['id']}/acknowledge", {"note": "seen"})
        self.assertEqual(status, 200, answer)
        self.assertEqual(answer["alarm"]["state"], "active_acked")
        self.assertEqual(answer["alarm"]["acknowledged_by"], "admin")
        again, answer = self.line.request("POST", f"/api/alarms/{alarm['id']}/acknowledge", {})
        self.assertEqual(again, 409, answer)

    def test_3_a_killed_collector_forgets_nothing_and_announces_nothing_twice(self):
        before = self.raised()
        pid = self.line.pid("collector")
        os.kill(pid, signal.SIGKILL)
        wait_until("another collector", lambda: self.line.healthy("collector")
                   and self.line.pid("collector") != pid, timeout=60)
        wait_until("the row is stored as acknowledged",
                   lambda: self.raised()["state"] == "active_acked")
        after = self.raised()
        self.assertEqual(after["id"], before["id"])
        self.assertEqual(after["acknowledged_by"], "admin")
        rows = [alarm for alarm in self.alarms("&device_id=total")
                if alarm["alarm_level"] == "emergency"]
        self.assertEqual(len(rows), 1)

    def test_4_a_controller_that_is_down_is_an_alarm_of_its_own(self):
        pid = self.line.pid("plc")
        os.kill(pid, signal.SIGSTOP)
        try:
            wait_until("plc_down", lambda: self.one("plc_down"), timeout=30)
        finally:
            with contextlib.suppress(ProcessLookupError):  # The supervisor may end it before.
                os.kill(pid, signal.SIGCONT)


if __name__ == "__main__":
    unittest.main(verbosity=2)
