"""CACHE_ENABLED=True with a real redis-server: live values and orders go through it, to the web
process of the line and to one that stands as if on another machine; and what happens when it is
flushed, killed or halted."""

import sys
import unittest

from installation import Installation, wait_until
from live_client import collect
from redis_server import RedisServer
from web_process import WebProcess

BINARIES = sys.argv.pop(1)
RULE = {"device_id": "total", "parameter_name": "power_kw", "threshold_value": 0.01,
        "alarm_level": "emergency"}


def scans(web, seconds):
    """The scan counts that a browser at this process sees."""
    return [m["values"]["total.scan_count"]["v"] for m in collect(web, seconds)[1:]
            if "total.scan_count" in m.get("values", {})]


class Redis(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(RedisServer("s3cret"))
        cls.line = cls.enterClassContext(Installation.start(
            BINARIES, {"ALARM_CONSECUTIVE_COUNT": "1", **cls.redis.settings()}))
        cls.line.sign_in()
        cls.far = cls.enterClassContext(
            WebProcess(cls.line, instance=2, run_dir=cls.line.root / "far"))

    def source(self):
        status, body = self.line.request("GET", "/readyz")
        return body.get("live_source") if status == 200 else None

    def test_1_both_web_processes_take_every_scan_from_redis(self):
        wait_until("the line's own is ready by Redis", lambda: self.source() == "redis")
        wait_until("the far one is ready", self.far.ready)
        for web in (self.line, self.far):
            seen = scans(web, 3)
            self.assertGreater(len(seen), 20)
            self.assertEqual(seen, list(range(int(seen[0]), int(seen[0]) + len(seen))))
        self.assertEqual(self.line.status("collector")["details"]["redis"], "up")

    def test_2_an_order_of_the_far_one_is_done_by_the_collector(self):
        status, answer = self.far.request("POST", "/api/thresholds", RULE)
        self.assertIn(status, (200, 201), answer)
        self.assertIsNone(answer.get("warning"), answer)

        def raised():
            alarms = self.far.get("/api/alarms?page_size=500&device_id=total")["alarms"]
            return next((a for a in alarms if a["alarm_level"] == "emergency"), None)
        alarm = wait_until("the alarm", raised)
        status, answer = self.far.request(
            "POST", f"/api/alarms/{alarm['id']}/acknowledge", {"note": "seen"})
        self.assertEqual(status, 200, answer)
        self.assertEqual(answer["alarm"]["state"], "active_acked")
        wait_until("the status tells of both orders",
                   lambda: int(self.line.status("collector")["details"]["redis_orders"]) >= 2)

    def test_3_a_flushed_redis_is_filled_again(self):
        whole = self.redis.run("HLEN wattline:2:latest")
        self.redis.run("FLUSHALL")
        wait_until("the hash is whole again",
                   lambda: self.redis.run("HLEN wattline:2:latest") == whole)
        with WebProcess(self.line, instance=3, run_dir=self.line.root / "far") as late:
            wait_until("one that comes now is ready", late.ready)
        self.assertGreater(len(scans(self.far, 2)), 10)

    def test_4_a_halted_redis_leaves_the_line_its_live_sock_and_the_far_one_says_why(self):
        self.redis.halt()
        try:
            wait_until("the far one has lost the line and says why",
                       lambda: "Redis at 127.0.0.1" in (self.far.not_ready() or ""))
            wait_until("the line's own takes live.sock", lambda: self.source() == "live.sock")
            self.assertIn("Redis", self.line.get("/readyz")["note"])
            self.assertGreater(len(scans(self.line, 2)), 10)
        finally:
            self.redis.go_on()
        wait_until("the far one is back", self.far.ready)
        wait_until("the line's own is back", lambda: self.source() == "redis")
        self.assertGreater(len(scans(self.far, 2)), 10)

    def test_5_a_redis_that_was_killed_comes_back_empty_and_is_filled(self):
        self.redis.kill()
        wait_until("the far one has lost the line", self.far.not_ready, timeout=15)
        status, answer = self.far.request("POST", "/api/alarms/acknowledge", {"ids": [1]})
        self.assertEqual(status, 503, answer)
        self.redis.start()
        wait_until("the far one is back", self.far.ready)
        wait_until("the line's own is back", lambda: self.source() == "redis")
        self.assertGreater(len(scans(self.line, 2)), 10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
