"""docs/add-a-device.md, done to the letter on a running line: the blocks of the page are what is
inserted, only the addresses are those of variables that the built-in PLC has, as the page says."""

import json
import re
import sys
import unittest

from installation import REPOSITORY, Installation, wait_until

BINARIES = sys.argv.pop(1)
PAGES = [REPOSITORY / "docs" / name for name in ("add-a-device.md", "add-a-device.zh-CN.md")]
ADDRESSES = {"PLC_PRG.rCompressorPower": "PLC_PRG.rTotalPower",
             "PLC_PRG.rCompressorEnergy": "PLC_PRG.rTotalEnergy",
             "PLC_PRG.eCompressorState": "PLC_PRG.eSystemState"}
RESTART = ("restart", "gateway", "collector", "web")


def blocks(page, language):
    """The fenced blocks of a page that are marked with this language."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"),
                        re.DOTALL | re.MULTILINE)
    return [text for marked, text in fenced if marked == language]


class AddDevice(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.line = cls.enterClassContext(Installation.start(BINARIES))
        cls.line.sign_in()
        cls.before = {path: path.read_text(encoding="utf-8")
                      for path in (cls.line.root / "config").iterdir() if path.is_file()}

    def file(self, name):
        return self.line.root / "config" / name

    def insert(self, name, before, block):
        text = self.file(name).read_text(encoding="utf-8")
        place = re.search(before, text)
        self.assertTrue(place, f"{name} has no {before}")
        text = text[:place.start()] + block.rstrip() + ",\n" + text[place.start():]
        self.file(name).write_text(text, encoding="utf-8")

    def succeed(self, *arguments):
        result = self.line.run(*arguments, timeout=180)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def device_ids(self):
        return [device["id"] for device in self.line.get("/api/devices")["devices"]]

    def restart(self):
        self.succeed(*RESTART)
        wait_until("all four healthy", self.line.all_healthy, timeout=90)

    def test_1_both_pages_say_the_same(self):
        self.assertEqual(blocks(PAGES[0], "json"), blocks(PAGES[1], "json"))
        self.assertEqual(blocks(PAGES[0], ""), blocks(PAGES[1], ""))
        self.assertIn("wattline " + " ".join(RESTART), blocks(PAGES[0], "")[-1])

    def test_2_what_the_page_says_shows_the_device_everywhere(self):
        group, device = blocks(PAGES[0], "json")
        for address, existing in ADDRESSES.items():
            self.assertIn(address, group)
            group = group.replace(address, existing)
        self.assertNotIn("compressor", self.device_ids())
        self.insert("gateway.json", r'\{\s*"name": "DeviceControl"', group)
        self.insert("plant.json", r'\{\s*"id": "total"', device)

        self.assertIn("no errors", self.succeed("plant", "check"))
        self.assertRegex(self.succeed("plant", "list"),
                         r"compressor +power_kw +measurement +kW .*CompressorPower \(Float\)")
        self.restart()

        compressor = next(device for device in self.line.get("/api/devices")["devices"]
                          if device["id"] == "compressor")
        self.assertEqual(compressor["names"], {"zh-CN": "空压机", "en": "Compressor"})
        self.assertEqual(self.device_ids()[-2:], ["compressor", "total"])
        current = wait_until("the compressor's power is good", lambda: self.good_current())
        self.assertGreater(current["power_kw"], 0)
        self.assertIn(current["status"], ("standby", "running", "fault"))
        wait_until("its history is stored", lambda: [
            row for row in self.line.get("/api/devices/compressor/history?page_size=100")["data"]
            if row["power_kw"] is not None], timeout=60)
        self.assertTrue(self.line.query(
            "SELECT 1 FROM points WHERE key = 'compressor.energy_kwh'"))

    def good_current(self):
        data = self.line.current("compressor")
        return data if data["quality"] == "good" and data["power_kw"] is not None else None

    def test_3_a_mistake_is_named_with_file_and_line_and_the_line_runs_on(self):
        right = self.file("plant.json").read_text(encoding="utf-8")
        wrong = right.replace("Compressor.CompressorPower", "Compressor.CompresorPower")
        number = 1 + wrong[:wrong.index("CompresorPower")].count("\n")
        self.file("plant.json").write_text(wrong, encoding="utf-8")
        pids = [self.line.pid(name) for name in ("gateway", "collector", "web")]

        checked = self.line.run("plant", "check")
        as_json = json.loads(self.line.run("plant", "check", "--json").stdout)
        refused = self.line.run(*RESTART)

        self.assertEqual(checked.returncode, 1, checked.stdout + checked.stderr)
        self.assertIn(f"config/plant.json:{number}:", checked.stdout)
        self.assertIn("did you mean "
                      "'CodeSys_Channel.ProductionLine_PLC.Compressor.CompressorPower'?",
                      checked.stdout)
        self.assertFalse(as_json["sound"])
        self.assertEqual([(f["level"], f["file"], f["line"]) for f in as_json["findings"]],
                         [("error", "config/plant.json", number)])
        self.assertEqual(refused.returncode, 2, refused.stdout + refused.stderr)
        self.assertIn(f"config/plant.json:{number}:", refused.stderr)
        self.assertEqual(pids, [self.line.pid(name) for name in ("gateway", "collector", "web")])
        self.file("plant.json").write_text(right, encoding="utf-8")

    def test_4_taken_out_again_its_history_stays_and_is_named(self):
        for path, text in self.before.items():
            path.write_text(text, encoding="utf-8")

        self.assertIn("the history has 'compressor.energy_kwh', which the plant has no more",
                      self.succeed("plant", "check"))
        self.restart()

        self.assertNotIn("compressor", self.device_ids())
        self.assertEqual(self.line.request("GET", "/api/devices/compressor/current")[0], 404)
        self.assertTrue(self.line.query("SELECT 1 FROM points WHERE key = 'compressor.power_kw'"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
