"""Secrets leave no trace: none of them stands in a log, a status file, an answer, a live message,
the output of a command, a command line, an environment or a core dump.

Each secret is a canary, a word that occurs nowhere else. The system runs with them in its .env, is
used, misused and crashed; then everything that it left or said is searched for them.
"""

import base64
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import unittest
import urllib.parse

from installation import PROCESSES, Installation, wait_until
from live_client import collect

BINARIES = sys.argv.pop(1)

ENV_CANARIES = {
    "SECRET_KEY": "CanaryKestrelSecretKey0123456789abcdef",
    "DB_PASSWORD": "CanaryHeronDatabase77",
    "SMTP_PASSWORD": "CanaryOspreyMail4242",
    "OPC_UA_PASSWORD": "CanaryPlover_OpcUa99",
}
PASSWORD = "Canary-Wren-User-Password-1"
WRONG_PASSWORD = "Canary-Snipe-Wrong-Password-2"
SETTINGS = {
    **ENV_CANARIES,
    "OPC_UA_USERNAME": "collector", "OPC_UA_SECURITY_POLICY": "Basic256Sha256",
    "OPC_UA_SECURITY_MODE": "SignAndEncrypt",
    "EMAIL_ENABLED": "True", "SMTP_SERVER": "127.0.0.1", "SMTP_PORT": "9",
    "SMTP_USERNAME": "plant@example.com", "ALERT_EMAIL_RECIPIENTS": "shift@example.com",
    "LOG_LEVEL": "DEBUG",
}


def forms_of(secret):
    """The ways in which a secret is usually written down."""
    raw = secret.encode()
    return {secret, urllib.parse.quote(secret), base64.b64encode(raw).decode().rstrip("="),
            raw.hex()}


def found_in(text, secrets):
    return sorted(name for name, secret in secrets.items()
                  if any(form in text for form in forms_of(secret)))


def processes_of(line):
    return [int(path.name) for path in pathlib.Path("/proc").iterdir()
            if path.name.isdigit() and str(line.root) in read(path / "cmdline")]


def read(path):
    try:
        return pathlib.Path(path).read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def answers(line):
    try:
        return line.request("GET", "/healthz")[0] == 200
    except OSError:
        return False


class WebSecrets(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.context = Installation.start(BINARIES, SETTINGS)
        cls.line = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)
        cls.said = []
        cls.secrets = dict(ENV_CANARIES)
        cls.use_and_misuse()

    @classmethod
    def ask(cls, method, path, body=None, headers=None):
        status, answer = cls.line.request(method, path, body, headers)
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        cls.said.append((f"{method} {path} {status}", text))
        return status, answer

    @classmethod
    def use_and_misuse(cls):
        line = cls.line
        line.sign_in()
        status, _ = cls.ask("POST", "/auth/password",
                            {"current_password": "admin123", "new_password": PASSWORD})
        assert status == 200, cls.said[-1]
        line.sign_in(password=PASSWORD)
        cls.secrets.update({"user password": PASSWORD, "wrong password": WRONG_PASSWORD,
                            "session token": line.cookie_header().partition("=")[2],
                            "CSRF token": line.csrf_token})
        for path in ("/", "/healthz", "/readyz", "/metrics", "/api/openapi.json", "/api/docs",
                     "/api/devices", "/api/devices/conveyor/current", "/api/system", "/api/users",
                     "/api/devices/conveyor/history", "/api/energy/summary", "/api/oee",
                     "/api/alarms", "/api/alarms?format=csv", "/api/thresholds", "/api/points",
                     "/api/sessions", "/api/tokens", "/api/audit", "/api/backups",
                     "/api/logs?process=web&lines=1000", "/api/logs?process=collector&lines=1000",
                     "/api/nothing", "/.env", "/data/secret.key", "/%2e%2e/.env"):
            cls.ask("GET", path)
        for body in ({"username": "admin", "password": WRONG_PASSWORD},
                     {"username": WRONG_PASSWORD, "password": 1},
                     {"username": "nobody", "password": WRONG_PASSWORD}, {"password": PASSWORD}):
            cls.ask("POST", "/auth/login", body)
        cls.ask("POST", "/auth/password",
                {"current_password": WRONG_PASSWORD, "new_password": PASSWORD})
        cls.ask("POST", "/api/thresholds", {"device_id": "x", "parameter_name": "y"})
        cls.ask("POST", "/api/alarms/999999/acknowledge", {"note": "x"})
        cls.ask("POST", "/api/devices/conveyor/commands", {"command": "nonsense"})
        cls.ask("GET", "/api/devices", headers={"Cookie": f"wattline_session={'0' * 64}"})

    def assert_clean(self, where, text, secrets=None):
        self.assertEqual(found_in(text, secrets or self.secrets), [], where)

    def test_answers_hold_no_secret(self):
        """The CSRF token is given by the sign-in and by /auth/check alone, which are not here."""
        self.assertGreater(len(self.said), 30)
        for call, text in self.said:
            self.assert_clean(call, text)

    def test_logs_and_status_files_hold_no_secret(self):
        files = [path for folder in ("logs", "run") for path in (self.line.root / folder).rglob("*")
                 if path.is_file()]
        self.assertGreaterEqual(len(files), 8)
        for path in files:
            self.assert_clean(path.name, read(path))

    def test_the_database_holds_neither_password_nor_token(self):
        for path in (self.line.root / "data").glob("wattline.db*"):
            self.assert_clean(path.name, path.read_bytes().decode("latin-1"))

    def test_live_messages_hold_no_secret(self):
        messages = collect(self.line, 3)
        self.assertTrue(messages)
        self.assert_clean("live", json.dumps(messages))

    def test_the_commands_tell_no_secret(self):
        for command in (["status"], ["status", "--json"], ["doctor"], ["logs"], ["db", "check"],
                        ["mail", "test"], ["--help"]):
            result = self.line.run(*command, timeout=120)
            self.assert_clean(" ".join(command), result.stdout + result.stderr)

    def test_command_lines_and_environments_hold_no_secret(self):
        pids = processes_of(self.line)
        self.assertGreaterEqual(len(pids), 5)
        for pid in pids:
            self.assert_clean(f"cmdline of {pid}", read(f"/proc/{pid}/cmdline"))
            self.assert_clean(f"environ of {pid}", read(f"/proc/{pid}/environ"))

    def test_files_with_secrets_are_for_their_owner_alone(self):
        for path in (self.line.root / "data").rglob("*"):
            mode = path.stat().st_mode & 0o777
            if path.suffix == ".key" or path.name == "secret.key":
                self.assertEqual(mode, 0o600, path)

    def test_when_a_process_crashes_it_leaves_no_core_dump(self):
        """In a folder of their own, with core dumps as large as this machine allows."""
        for process in PROCESSES:
            limits = read(f"/proc/{self.line.pid(process)}/limits")
            row = next(row for row in limits.splitlines() if row.startswith("Max core file size"))
            self.assertEqual(row.split()[4:6], ["1", "1"], row)
        before = self.cores()
        pid = self.line.pid("web")
        os.kill(pid, signal.SIGABRT)
        wait_until("a new web process", lambda: self.line.replaced("web", pid), 60)
        self.assertEqual(self.cores(), before)

    def cores(self):
        folders = {self.line.root, pathlib.Path.cwd()}
        pattern = pathlib.Path("/proc/sys/kernel/core_pattern").read_text(encoding="utf-8").strip()
        if pattern.startswith("/"):
            folders.add(pathlib.Path(pattern).parent)
        return sorted(str(path) for folder in folders if folder.is_dir()
                      for path in folder.glob("*core*") if path.is_file())

    def test_a_program_that_aborts_by_itself_is_not_dumped(self):
        """As above with a process whose end we see: its status says whether it was dumped."""
        resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
        second = Installation(BINARIES, SETTINGS)
        self.addCleanup(second.close)
        self.assertEqual(second.run("init-db").returncode, 0)
        web = subprocess.Popen([second.binaries / "wattline-web", "--root", second.root],
                               cwd=second.root, env=second._environment(),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(web.kill)
        wait_until("it serves", lambda: answers(second), 30)
        web.send_signal(signal.SIGABRT)
        _, status = os.waitpid(web.pid, 0)
        web.returncode = -signal.SIGABRT
        self.assertEqual(os.WTERMSIG(status), signal.SIGABRT)
        self.assertFalse(os.WCOREDUMP(status))


if __name__ == "__main__":
    unittest.main(verbosity=2)
