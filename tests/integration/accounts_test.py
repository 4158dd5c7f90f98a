"""Accounts between the running web process and the command: unlock, new password, audit log."""

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
import unittest

from installation import Installation, wait_until

BINARIES = sys.argv.pop(1)
PASSWORD = "a-better-password"
LATEST = 10  # Seconds after which a web process knows what another process did.


def ok(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class AccountsOfARunningWeb(unittest.TestCase):

    def setUp(self):
        self.line = Installation(BINARIES)
        self.addCleanup(self.line.close)
        ok(self.line.run("init-db"))
        self.start_web()

    def start_web(self):
        output = open(self.line.root / "web.out", "a", encoding="utf-8")
        self.addCleanup(output.close)
        self.web = subprocess.Popen(
            [self.line.binaries / "wattline-web", "--root", self.line.root],
            cwd=self.line.root, stdout=output, stderr=output)
        self.addCleanup(self.web.wait, 20)
        self.addCleanup(self.web.terminate)
        wait_until("the web answers", lambda: self.status("GET", "/healthz") == 200)

    def status(self, method, path, body=None, headers=None):
        with contextlib.suppress(OSError):
            return self.line.request(method, path, body, headers)[0]
        return 0

    def login(self, password, username="admin"):
        return self.status("POST", "/auth/login", {"username": username, "password": password})

    def audit(self):
        """The log as rows of the database file."""
        return self.line.query("SELECT id, actor, action, subject, before, after FROM audit_log"
                               " ORDER BY id")

    def stop_web(self):
        self.web.terminate()
        self.web.wait(20)

    def change_database(self, *statements):
        """As somebody who goes around Wattline and knows about the triggers."""
        path = self.line.root / "data" / "wattline.db"
        with contextlib.closing(sqlite3.connect(path)) as database:
            for trigger in ("update", "delete", "replace"):
                database.execute(f"DROP TRIGGER IF EXISTS audit_log_no_{trigger}")
            for statement in statements:
                database.execute(statement)
            database.commit()

    def test_unlock_reaches_the_running_web(self):
        for _ in range(3):
            self.assertEqual(self.login("wrong"), 401)
        self.assertEqual(self.login("admin123"), 403)

        said = ok(self.line.run("passwd", "--unlock", "admin"))

        self.assertIn("unlocked", said)
        wait_until("the right password is taken", lambda: self.login("admin123") == 200, LATEST)
        self.assertIn("user.unlock", [row[2] for row in self.audit()])

    def test_a_lock_outlives_a_restart_of_the_web(self):
        for _ in range(3):
            self.login("wrong")
        self.stop_web()
        self.start_web()
        self.assertEqual(self.login("admin123"), 403)

    def test_a_new_password_ends_sessions_and_tokens_in_the_running_web(self):
        self.line.sign_in()
        made = self.line.request("POST", "/api/tokens", {"name": "script", "scopes": ["read"]})
        self.assertEqual(made[0], 201, made)
        bearer = {"Authorization": "Bearer " + made[1]["secret"]}
        self.assertEqual(self.status("GET", "/api/devices", headers=bearer), 200)
        self.assertEqual(self.status("GET", "/auth/check"), 200)

        said = ok(self.line.run("passwd", "admin", "--stdin", text_in=PASSWORD + "\n"))

        self.assertIn("is changed", said)
        wait_until("the session ends", lambda: self.status("GET", "/auth/check") == 401, LATEST)
        wait_until("the token ends",
                   lambda: self.status("GET", "/api/devices", headers=bearer) == 401, LATEST)
        self.assertEqual(self.login("admin123"), 401)
        self.assertEqual(self.login(PASSWORD), 200)

    def test_passwd_names_what_is_wrong(self):
        self.assertEqual(self.line.run("passwd", "nobody", "--unlock").returncode, 1)
        self.assertEqual(self.line.run("passwd", "admin", "--unlock", "--stdin").returncode, 2)
        short = self.line.run("passwd", "admin", "--stdin", text_in="short\n")
        self.assertEqual(short.returncode, 2)
        self.assertIn("at least 8", short.stderr)
        self.assertIn("EXIT STATUS", ok(self.line.run("passwd", "--help")))

    def test_the_audit_log_is_shown_and_proven_whole(self):
        self.line.sign_in()
        self.line.request("POST", "/api/users",
                          {"username": "anna", "password": "canary-4711", "role": "user"})
        ok(self.line.run("passwd", "anna", "--stdin", text_in="canary-4712\n"))
        wait_until("entries", lambda: len(self.audit()) >= 3)

        shown = ok(self.line.run("audit", "show", "--lines", "10"))
        verified = ok(self.line.run("audit", "verify"))

        self.assertRegex(shown, r"admin +127\.0\.0\.1 +user\.add +user anna")
        self.assertRegex(shown, r"wattline:\S+ +- +password\.reset +user anna")
        self.assertNotIn("canary", shown + json.dumps(self.audit()))
        self.assertIn(f"{len(self.audit())} entries, chain whole", verified)
        anchor = verified.split("anchor")[1].split()[0]
        self.assertIn("chain whole", ok(self.line.run("audit", "verify", "--anchor", anchor)))
        number = anchor.split(":")[0]
        other = self.line.run("audit", "verify", "--anchor", number + ":0123456789abcdef")
        self.assertEqual(other.returncode, 1)
        self.assertEqual(self.line.run("audit", "verify", "--anchor", "x").returncode, 2)
        self.assertIn("EXIT STATUS", ok(self.line.run("audit", "verify", "--help")))
        self.assertIn("no entries", ok(self.line.run("audit", "show", "--actor", "nobody")))

    def test_each_kind_of_tampering_is_found(self):
        for password in ("admin123", "wrong", "admin123", "admin123", "admin123"):
            self.login(password)
        wait_until("entries", lambda: len(self.audit()) >= 5)
        self.stop_web()
        count = len(self.audit())
        path = self.line.root / "data" / "wattline.db"
        kept = self.line.root / "kept.db"
        # What is in the -wal file comes into the copy, too.
        with contextlib.closing(sqlite3.connect(path)) as source, \
                contextlib.closing(sqlite3.connect(kept)) as copy:
            source.backup(copy)

        def verdict(*statements):
            for leftover in ("-wal", "-shm"):
                (path.parent / (path.name + leftover)).unlink(missing_ok=True)
            shutil.copy(kept, path)
            self.change_database(*statements)
            done = self.line.run("audit", "verify")
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            return done.stdout

        self.assertIn("entry 2 is not what was written",
                      verdict("UPDATE audit_log SET actor = 'somebody' WHERE id = 2"))
        self.assertIn("entry 3 is missing", verdict("DELETE FROM audit_log WHERE id = 3"))
        self.assertIn("entry 1 is missing", verdict("DELETE FROM audit_log WHERE id = 1"))
        self.assertIn(f"entry {count} is missing at the end",
                      verdict(f"DELETE FROM audit_log WHERE id = {count}"))
        self.assertIn(f"entry {count + 1} is not what was written", verdict(
            f"INSERT INTO audit_log SELECT {count + 1}, at, actor, remote_address, action, subject,"
            " `before`, `after`, 'forged', hash, hash FROM audit_log ORDER BY id DESC LIMIT 1"))
        self.assertIn("record of the head", verdict("UPDATE audit_head SET entries = 1"))
        self.assertIn("record of the head", verdict("DELETE FROM audit_head"))
        self.assertIn("2 entries hold", verdict("UPDATE audit_log SET at = at + 1 WHERE id = 3"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
