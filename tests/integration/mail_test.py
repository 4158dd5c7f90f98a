"""An alarm of the running line reaches a person: raise, escalation, return to normal, by mail and
by webhook; a mail server that is silent or dead delays nothing, and a kill neither loses nor
doubles a mail. `wattline mail` says what is wrong."""

import asyncio
import datetime
import json
import os
import signal
import subprocess
import sys
import time
import unittest

from installation import Installation, free_port, wait_until
from live_client import messages
from peer_process import PeerProcess

BINARIES = sys.argv.pop(1)
LOGIN = ("alarm@plant.example", "k7-secret")


def rule(device, limit, level):
    """The line draws standby power at least: a limit of 0.01 kW is passed, one of 90 never."""
    return {"device_id": device, "parameter_name": "power_kw", "threshold_value": limit,
            "alarm_level": level}


class Mail(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.mailbox = PeerProcess("smtp", free_port(), "--login", ":".join(LOGIN))
        cls.hook = PeerProcess("http", free_port())
        cls.rules = {}
        for peer in (cls.mailbox, cls.hook):
            cls.addClassCleanup(peer.stop)
            peer.start()
        cls.line = Installation(BINARIES, {
            "ALARM_CONSECUTIVE_COUNT": 1, "EMAIL_ENABLED": "True", "SMTP_SERVER": "127.0.0.1",
            "SMTP_PORT": cls.port(cls.mailbox), "SMTP_USE_TLS": "False",
            "SMTP_USERNAME": LOGIN[0], "SMTP_PASSWORD": LOGIN[1],
            "ALERT_EMAIL_RECIPIENTS": "li@plant.example", "EMAIL_RATE_LIMIT": 1})
        cls.addClassCleanup(cls.line.close)
        cls.write_notify({"escalate_after": "1min", "webhook": {
            "url": f"http://127.0.0.1:{cls.port(cls.hook)}/alarms",
            "headers": {"Authorization": "Bearer k"}}})
        cls.line.up()
        cls.line.sign_in()

    @staticmethod
    def port(peer):
        return peer.arguments[peer.arguments.index("--port") + 1]

    @classmethod
    def write_notify(cls, content):
        (cls.line.root / "config" / "notify.json").write_text(json.dumps(content, indent=1))

    def set_limit(self, device, limit, level):
        """Adds the rule, or changes the limit of the one that was added."""
        known = self.rules.get((device, level))
        method, path = ("PUT", f"/api/thresholds/{known}") if known else ("POST",
                                                                          "/api/thresholds")
        status, answer = self.line.request(method, path, rule(device, limit, level))
        self.assertIn(status, (200, 201), answer)
        self.rules[(device, level)] = answer["threshold"]["id"]

    def details(self):
        status = self.line.status("collector")
        return status["details"] if status else {}

    def pending(self):
        return int(self.details().get("outbox_pending", 0))

    def mail(self, *words, timeout=20.0):
        """The first mail whose subject has all the words."""
        return wait_until(f"a mail about {words}", lambda: self.mailbox.first(
            lambda mail: all(word in mail["subject"] for word in words)), timeout)

    def scans(self, seconds):
        """(number, seconds from the PLC to here) of each scan that a browser sees."""
        async def gather():
            seen = []
            async for message in messages(self.line, seconds):
                value = message.get("values", {}).get("total.scan_count")
                if message["type"] == "values" and value:
                    at = datetime.datetime.fromisoformat(value["t"].replace("Z", "+00:00"))
                    seen.append((int(value["v"]), time.time() - at.timestamp()))
            return seen
        return asyncio.run(gather())

    def try_mail(self, settings):
        """`wattline mail test` to one address with other settings than the running line has."""
        before = dict(self.line.settings)
        self.line.settings.update(settings)
        self.line.write_settings()
        sent = self.line.run("mail", "test", "--to", "wang@plant.example")
        self.line.settings = before
        self.line.write_settings()
        return sent

    def test_1_an_alarm_is_a_mail_and_a_call(self):
        self.set_limit("total", 0.01, "emergency")
        mail = self.mail("[紧急]", "生产线总计", "高于上限 0.01 kW")
        self.assertEqual(mail["to"], ["li@plant.example"])
        self.assertEqual(mail["login"], LOGIN[0])
        self.assertEqual(mail["importance"], "high")
        self.assertEqual(mail["defects"], [])
        self.assertIn("级别：紧急", mail["text"])
        self.assertIn("未确认", mail["html"])
        call = wait_until("the call", lambda: self.hook.first(
            lambda call: call["body"]["level"] == "emergency"))
        self.assertEqual(call["headers"]["Authorization"], "Bearer k")
        self.assertEqual(call["body"]["kind"], "alarm")
        self.assertEqual(call["body"]["lines"][0]["device"], "total")
        self.assertGreater(call["body"]["lines"][0]["value"], 0.01)

    def test_2_what_nobody_acknowledges_is_escalated(self):
        mail = self.mail("[升级]", "1 分钟无人确认", timeout=90)
        self.assertIn("生产线总计", mail["text"])

    def test_3_its_return_to_normal_is_a_mail(self):
        self.set_limit("total", 90, "emergency")
        mail = self.mail("[已恢复]", "生产线总计", timeout=90)
        self.assertIn("结束：", mail["text"])
        self.assertEqual(mail["importance"], "None")

    def test_4_a_silent_mail_server_delays_no_value(self):
        before = self.scans(5)
        self.mailbox.stop()
        self.mailbox.start("--delay", "60")
        self.set_limit("conveyor", 0.01, "emergency")
        wait_until("a letter that waits", lambda: self.pending() > 0)
        during = self.scans(10)
        self.assertGreater(self.pending(), 0)
        numbers = [number for number, _ in during]
        self.assertGreater(len(numbers), 80)
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
        usual, worst = (max(delay for _, delay in seen) for seen in (before, during))
        print(f"slowest scan to a browser: {usual * 1000:.0f} ms before, {worst * 1000:.0f} ms "
              f"with a silent mail server; {len(numbers)} scans, none missing")
        self.assertLess(worst, usual + 1)
        self.mailbox.stop()

    def test_5_a_dead_mail_server_and_a_kill_neither_lose_nor_double_a_mail(self):
        said = wait_until("the reason in the status",
                          lambda: self.details().get("outbox_last_error"), timeout=60)
        self.assertIn("127.0.0.1", said)
        shown = self.line.run("mail", "status")
        self.assertEqual(shown.returncode, 1, shown.stdout)
        self.assertIn("[紧急] 上料传送带", shown.stdout)
        pid = self.line.pid("collector")
        os.kill(pid, signal.SIGKILL)
        wait_until("another collector", lambda: self.line.healthy("collector")
                   and self.line.pid("collector") != pid, timeout=60)
        wait_until("it still waits", lambda: self.pending() > 0)
        self.mailbox.start()
        retried = self.line.run("mail", "retry")
        self.assertEqual(retried.returncode, 0, retried.stderr)
        self.assertIn("within 5 s", retried.stdout)
        self.mail("[紧急]", "上料传送带", timeout=30)
        wait_until("an empty outbox", lambda: self.pending() == 0)
        time.sleep(6)  # One look of the sender more.
        ids = [mail["id"] for mail in self.mailbox.taken]
        self.assertEqual(len(ids), len(set(ids)), ids)
        raises = [mail for mail in self.mailbox.taken
                  if mail["subject"].startswith("[紧急] 上料传送带")]
        self.assertEqual(len(raises), 1, raises)
        self.assertEqual(self.details()["outbox_last_error"], "")

    def test_6_a_test_mail_goes_step_by_step(self):
        sent = self.line.run("mail", "test")
        self.assertEqual(sent.returncode, 0, sent.stdout + sent.stderr)
        for step in ("name", "connect", "login", "recipient", "accepted"):
            self.assertRegex(sent.stdout, f"ok +{step} ")
        self.assertIn("to        li@plant.example", sent.stdout)
        self.mail("[测试]", "邮件通知正常")
        self.assertTrue(self.hook.first(lambda call: call["body"]["kind"] == "test"))

    def test_7_it_says_which_setting_is_wrong(self):
        wrong = (("SMTP_PORT", 1, "check SMTP_SERVER, SMTP_PORT and the firewall"),
                 ("SMTP_PASSWORD", "wrong", "check SMTP_USERNAME and SMTP_PASSWORD"),
                 ("SMTP_USE_TLS", "True", "offers no STARTTLS"))
        for key, value, said in wrong:
            sent = self.try_mail({key: value})
            self.assertEqual(sent.returncode, 1, sent.stdout + sent.stderr)
            self.assertRegex(sent.stdout, "FAILED")
            self.assertIn(said, sent.stdout)
            self.assertNotIn(LOGIN[1], sent.stdout)

    def test_8_a_server_is_believed_when_its_authority_is_named(self):
        certificate, key = self.line.root / "mail.pem", self.line.root / "mail.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                        "-subj", "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-out", certificate, "-keyout", key], check=True, capture_output=True)
        protected = PeerProcess("smtp", free_port(), "--login", ":".join(LOGIN),
                                "--cert", str(certificate), "--key", str(key))
        self.addCleanup(protected.stop)
        protected.start()
        encrypted = {"SMTP_USE_TLS": "True", "SMTP_PORT": self.port(protected)}
        stranger = self.try_mail(encrypted)
        self.assertEqual(stranger.returncode, 1, stranger.stdout)
        self.assertIn("is not trusted", stranger.stdout)
        self.write_notify({"smtp": {"ca_file": "mail.pem"}})
        known = self.try_mail(encrypted)
        self.assertEqual(known.returncode, 0, known.stdout + known.stderr)
        self.assertRegex(known.stdout, "ok +encryption +TLSv1")
        self.assertTrue(protected.taken[0]["tls"])

    def test_9_a_mistake_does_not_take_the_running_collector_down(self):
        pid = self.line.pid("collector")
        self.write_notify({"languages": ["de"]})
        refused = self.line.run("restart", "collector")
        self.assertEqual(refused.returncode, 2, refused.stdout + refused.stderr)
        self.assertIn("config/notify.json:3: /languages/0: 'de' is neither", refused.stderr)
        self.assertEqual(self.line.pid("collector"), pid)


if __name__ == "__main__":
    unittest.main(verbosity=2)
