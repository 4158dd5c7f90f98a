"""/ws/live as a client uses it: a part of the line, another part, and after a break what it missed;
and a second web process that does the same on the same run/live.sock."""

import asyncio
import json
import sys
import unittest

import websockets

from installation import Installation, wait_until
from live_client import collect, connect
from web_process import WebProcess

BINARIES = sys.argv.pop(1)


async def next_of(socket, kind):
    """The next message of this type, out of at most 200."""
    for _ in range(200):
        message = json.loads(await asyncio.wait_for(socket.recv(), 10))
        if message["type"] == kind:
            return message
    raise AssertionError(f"no message of type {kind}")


def devices_in(messages):
    return {key.split(".")[0] for m in messages for key in m.get("values", {})}


class Live(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.line = cls.enterClassContext(Installation.start(BINARIES))
        cls.line.sign_in()

    def test_1_a_client_hears_of_the_devices_that_it_named(self):
        messages = collect(self.line, 3, "?devices=conveyor,total.scan_count")
        self.assertEqual(messages[0]["devices"], ["conveyor", "total.scan_count"])
        self.assertEqual(devices_in(messages), {"conveyor", "total"})
        self.assertEqual({key for m in messages for key in m.get("values", {})
                          if key.startswith("total.")}, {"total.scan_count"})

    def test_2_it_may_change_its_mind_and_is_told_what_it_said_wrong(self):
        async def talk():
            async with connect(self.line) as socket:
                whole = await next_of(socket, "snapshot")
                await socket.send('{"type":"subscribe","devices":["station1"]}')
                part = await next_of(socket, "snapshot")
                await socket.send('{"type":"publish"}')
                error = await next_of(socket, "error")
                await socket.send('{"type":"subscribe","all":true}')
                again = await next_of(socket, "snapshot")
                return whole, part, error, again
        whole, part, error, again = asyncio.run(talk())
        self.assertEqual(devices_in([part]), {"station1"})
        self.assertEqual(set(again["values"]), set(whole["values"]))
        self.assertEqual(error["code"], "unknown_type")
        self.assertIn("'publish'", error["error"])

    def test_3_a_client_that_comes_back_gets_what_it_missed(self):
        async def once(query):
            async with connect(self.line, query) as socket:
                first = json.loads(await socket.recv())
                last = first["seq"]
                for _ in range(10):
                    last = json.loads(await socket.recv()).get("seq", last)
                return first, last
        first, last = asyncio.run(once(""))
        back, _ = asyncio.run(once(f"?resume={first['epoch']}:{last}"))
        self.assertEqual(first["type"], "snapshot")
        self.assertEqual(back["type"], "resumed")
        self.assertLess(len(back["values"]), len(first["values"]))
        stranger, _ = asyncio.run(once(f"?resume=0123-4567:{last}"))
        self.assertEqual(stranger["type"], "snapshot")

    def test_4_a_name_that_nobody_knows_is_refused_before_the_upgrade(self):
        async def knock():
            async with connect(self.line, "?devices=pump"):
                pass
        with self.assertRaises(websockets.InvalidStatusCode) as refused:
            asyncio.run(knock())
        self.assertEqual(refused.exception.status_code, 400)

    def test_5_a_second_web_process_shows_the_same_line(self):
        with WebProcess(self.line, instance=2) as second:
            wait_until("the second is ready", second.ready)
            values = collect(second, 2)
            self.assertGreater(len(values), 10)
            status = json.loads(self.line.run("status", "--json").stdout)
            rows = {row["name"]: row for row in status["processes"]}
            self.assertTrue(rows["web2"]["healthy"], rows["web2"])
            self.assertEqual(rows["web2"]["details"]["port"], str(second.port))
            third = self.line.run("--instance", 2, "--port", second.port, program="wattline-web")
            self.assertEqual(third.returncode, 3, third.stderr)
        self.assertNotIn("web2", self.line.run("status").stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
