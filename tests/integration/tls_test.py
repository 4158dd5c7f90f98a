"""HTTPS and the address filter of a real wattline-web, seen by openssl and by plain sockets.

WEB_TLS_CERT, WEB_TLS_KEY, IP_ALLOWLIST and WEB_TRUSTED_PROXIES of .env.
"""

import contextlib
import http.client
import json
import re
import socket
import ssl
import subprocess
import sys
import time
import unittest

from installation import Installation, wait_until

BINARIES = sys.argv.pop(1)
SIGN_IN = json.dumps({"username": "admin", "password": "admin123"})


def openssl(*arguments, text_in="", timeout=20):
    return subprocess.run(["openssl", *map(str, arguments)], input=text_in, text=True,
                          timeout=timeout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)


def make_certificate(folder, name, days=30, key="ec"):
    """<name>.pem and <name>.key for localhost; a negative number of days: it has expired."""
    algorithm = {"ec": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
                 "rsa": ["-newkey", "rsa:2048"]}[key]
    made = openssl("req", "-x509", *algorithm, "-nodes", "-keyout", folder / f"{name}.key",
                   "-out", folder / f"{name}.pem", "-days", abs(days), "-subj", f"/CN={name}",
                   "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    assert made.returncode == 0, made.stdout
    (folder / f"{name}.key").chmod(0o600)


def make_expired(folder, name):
    """Only `openssl ca` and `x509 -not_after` of later versions take dates; this asks for a
    certificate that ends a second after it begins, and waits for that."""
    key, request = folder / f"{name}.key", folder / f"{name}.csr"
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
            "-out", request, "-subj", "/CN=expired")
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("01\n")
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca=own\n[own]\ndatabase={folder}/index.txt\nserial={folder}/serial\n"
        f"new_certs_dir={folder}\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n")
    made = openssl("ca", "-batch", "-selfsign", "-config", folder / "ca.cnf", "-keyfile", key,
                   "-in", request, "-out", folder / f"{name}.pem", "-notext",
                   "-startdate", "20200101000000Z", "-enddate", "20200102000000Z")
    assert made.returncode == 0, made.stdout


class Web:
    """wattline-web alone: the rest of the line is not needed to speak TLS."""

    def __init__(self, line):
        self.line = line
        self.port = line.ports["web"]
        self.process = subprocess.Popen(
            [line.binaries / "wattline-web", "--root", line.root], cwd=line.root,
            env=line._environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        wait_until("wattline-web listens", self.listens, 30)

    def listens(self):
        assert self.process.poll() is None, self.process.stderr.read()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stderr.close()

    def s_client(self, *arguments):
        return openssl("s_client", "-connect", f"127.0.0.1:{self.port}", *arguments).stdout

    def ask(self, method, path, body=None, headers=None, secure=True, source="127.0.0.1"):
        """(status, headers, text), by HTTPS without looking at the certificate, or by HTTP."""
        address = ("127.0.0.1", self.port)
        if secure:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = http.client.HTTPSConnection(*address, timeout=10, context=context,
                                                     source_address=(source, 0))
        else:
            connection = http.client.HTTPConnection(*address, timeout=10,
                                                    source_address=(source, 0))
        with contextlib.closing(connection):
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def sign_in(self, **more):
        scheme = "https" if more.get("secure", True) else "http"
        return self.ask("POST", "/auth/login", SIGN_IN, {
            "Content-Type": "application/json",
            "Origin": f"{scheme}://127.0.0.1:{self.port}"}, **more)


def installation(case, settings, prepare=None):
    line = Installation(BINARIES, settings)
    case.addCleanup(line.close) if isinstance(case, unittest.TestCase) else case(line.close)
    if prepare:
        prepare(line.root)
    assert line.run("init-db").returncode == 0
    return line


TLS = {"WEB_TLS_CERT": "web.pem", "WEB_TLS_KEY": "web.key"}


class Https(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.line = installation(cls.addClassCleanup, TLS,
                                lambda root: make_certificate(root, "web"))
        cls.web = Web(cls.line)
        cls.addClassCleanup(cls.web.close)

    def protocol(self, *arguments):
        found = re.search(r"Protocol\s*: (\S+)|New, (TLSv1\.[23]), Cipher is [A-Z]",
                          self.web.s_client(*arguments))
        return found and (found[2] or found[1])

    def test_tls_1_2_and_1_3_are_spoken_and_nothing_older(self):
        self.assertEqual(self.protocol("-tls1_2"), "TLSv1.2")
        self.assertEqual(self.protocol("-tls1_3"), "TLSv1.3")
        for old in ("-tls1", "-tls1_1"):
            with self.subTest(old):
                said = self.web.s_client(old, "-cipher", "ALL:@SECLEVEL=0")
                self.assertNotRegex(said, r"Cipher is (?!\(NONE\))", said)
                self.assertNotIn("BEGIN CERTIFICATE", said)

    def test_weak_ciphers_are_refused(self):
        for cipher in ("NULL", "aNULL", "RC4", "3DES", "EXPORT", "AES128-SHA", "AES256-SHA256",
                       "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "CAMELLIA", "PSK"):
            with self.subTest(cipher):
                said = self.web.s_client("-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0")
                self.assertNotIn("BEGIN CERTIFICATE", said)

    def test_good_ciphers_are_taken(self):
        for cipher in ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                       "ECDHE-ECDSA-CHACHA20-POLY1305"):
            with self.subTest(cipher):
                said = self.web.s_client("-tls1_2", "-cipher", cipher)
                self.assertIn(f"Cipher is {cipher}", said)

    def test_neither_compression_nor_insecure_renegotiation(self):
        said = self.web.s_client("-tls1_2")
        self.assertIn("Compression: NONE", said)
        self.assertIn("Secure Renegotiation IS supported", said)

    def test_answers_ask_the_browser_to_stay_with_https(self):
        for path in ("/", "/healthz", "/api/devices", "/%zz", "/nothing.js"):
            with self.subTest(path):
                _, headers, _ = self.web.ask("GET", path)
                age = re.search(r"max-age=(\d+)", headers["Strict-Transport-Security"] or "")
                self.assertTrue(age and int(age[1]) >= 15_552_000, headers.as_string())

    def test_the_cookie_is_for_https_alone(self):
        status, headers, _ = self.web.sign_in()
        self.assertEqual(status, 200)
        self.assertIn("; Secure", headers["Set-Cookie"])
        self.assertIn("; HttpOnly", headers["Set-Cookie"])
        self.assertIn("; SameSite=Strict", headers["Set-Cookie"])

    def test_plain_http_gets_a_clear_answer_or_a_clean_end(self):
        address = ("127.0.0.1", self.web.port)
        for said in (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x00\x01\x02", b"\r\n\r\n",
                     b"SSH-2.0-x\r\n"):
            with self.subTest(said), socket.create_connection(address, 10) as raw:
                raw.settimeout(10)
                raw.sendall(said)
                begin = time.monotonic()
                answer = b""
                with contextlib.suppress(ConnectionResetError):
                    while piece := raw.recv(4096):
                        answer += piece
                self.assertLess(time.monotonic() - begin, 8)
                self.assertTrue(answer == b"" or b"https" in answer, answer)

    def test_a_handshake_that_never_ends_holds_up_nobody(self):
        stalled = [socket.create_connection(("127.0.0.1", self.web.port), 5) for _ in range(50)]
        for raw in stalled:
            self.addCleanup(raw.close)
            raw.sendall(b"\x16\x03\x01\x02\x00\x01")
        self.assertEqual(self.web.ask("GET", "/healthz")[0], 200)

    def test_garbage_in_the_handshake_ends_that_connection_alone(self):
        for garbage in (b"\x16\x03\x01" + b"\xff" * 500, b"\x16" * 2000,
                        b"\x16\x03\x01\x00\x02\x01\x00"):
            with self.subTest(garbage[:8]), \
                    socket.create_connection(("127.0.0.1", self.web.port), 5) as raw:
                raw.sendall(garbage)
        self.assertEqual(self.web.ask("GET", "/healthz")[0], 200)

    def test_a_new_certificate_is_used_without_a_restart(self):
        subject = lambda: re.search(r"subject=CN = (\S+)", self.web.s_client() or "")[1]
        before = subject()
        make_certificate(self.line.root, "new")
        for kind in ("key", "pem"):
            (self.line.root / f"new.{kind}").replace(self.line.root / f"web.{kind}")
        wait_until("the new certificate", lambda: subject() == "new", 30)
        self.assertNotEqual(before, "new")
        self.assertIsNone(self.web.process.poll())

    def test_a_broken_new_certificate_leaves_the_old_one_in_use_and_is_told(self):
        path = self.line.root / "web.pem"
        good = path.read_bytes()
        self.addCleanup(path.write_bytes, good)
        path.write_text("this is no certificate\n")
        log = self.line.root / "logs/web.log"
        wait_until("the log names the file", lambda: "web.pem" in log.read_text(), 30)
        self.assertEqual(self.web.ask("GET", "/healthz")[0], 200)


class TlsMistakes(unittest.TestCase):

    def refused(self, settings, prepare):
        line = installation(self, settings, prepare)
        result = line.run(program="wattline-web")
        self.assertEqual(result.returncode, 2, result.stderr)
        return result.stderr

    def test_an_expired_certificate_names_file_key_and_day(self):
        said = self.refused(TLS, lambda root: make_expired(root, "web"))
        for part in ("WEB_TLS_CERT", "web.pem", "expired", "2020-01-02"):
            self.assertIn(part, said)

    def test_a_key_of_another_certificate_names_file_and_key(self):
        def prepare(root):
            make_certificate(root, "web")
            make_certificate(root, "other")
        said = self.refused({**TLS, "WEB_TLS_KEY": "other.key"}, prepare)
        for part in ("WEB_TLS_KEY", "other.key"):
            self.assertIn(part, said)

    def test_missing_files_and_half_a_pair_are_named(self):
        self.assertIn("web.pem", self.refused(TLS, None))
        line = Installation(BINARIES, {"WEB_TLS_CERT": "web.pem"})
        self.addCleanup(line.close)
        result = line.run(program="wattline-web")
        self.assertEqual(result.returncode, 2)
        self.assertIn("WEB_TLS_KEY", result.stderr)

    def test_a_passphrase_is_not_asked_for_at_the_terminal(self):
        def prepare(root):
            make_certificate(root, "web")
            openssl("ec", "-in", root / "web.key", "-aes256", "-passout", "pass:canary", "-out",
                    root / "locked.key")
        said = self.refused({**TLS, "WEB_TLS_KEY": "locked.key"}, prepare)
        self.assertIn("passphrase", said)


class AddressFilter(unittest.TestCase):

    def web(self, settings):
        line = installation(self, settings)
        web = Web(line)
        self.addCleanup(web.close)
        return web

    def status(self, web, source, forwarded=None):
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        return web.ask("GET", "/healthz", headers=headers, secure=False, source=source)[0]

    def test_an_address_outside_the_list_is_refused_whatever_it_claims(self):
        web = self.web({"IP_ALLOWLIST": "127.0.0.2, 127.0.1.0/24, 2001:db8::/32"})
        self.assertEqual(self.status(web, "127.0.0.2"), 200)
        self.assertEqual(self.status(web, "127.0.1.77"), 200)
        self.assertEqual(self.status(web, "127.0.0.3"), 403)
        self.assertEqual(self.status(web, "127.0.0.3", "127.0.0.2"), 403)
        status, _, said = web.ask("GET", "/", secure=False, source="127.0.0.3")
        self.assertEqual(status, 403)
        self.assertIn("IP_ALLOWLIST", said)

    def test_a_refused_address_may_not_even_try_a_password(self):
        web = self.web({"IP_ALLOWLIST": "127.0.0.2"})
        status, headers, _ = web.sign_in(secure=False, source="127.0.0.3")
        self.assertEqual(status, 403)
        self.assertIsNone(headers["Set-Cookie"])

    def test_behind_a_trusted_proxy_its_word_counts_and_no_other(self):
        web = self.web({"IP_ALLOWLIST": "192.0.2.0/24", "WEB_TRUSTED_PROXIES": "127.0.0.9"})
        self.assertEqual(self.status(web, "127.0.0.9", "192.0.2.5"), 200)
        self.assertEqual(self.status(web, "127.0.0.9", "198.51.100.7"), 403)
        # What stands to the left of the proxy's own word was written by the client.
        self.assertEqual(self.status(web, "127.0.0.9", "192.0.2.5, 198.51.100.7"), 403)
        self.assertEqual(self.status(web, "127.0.0.9", "192.0.2.5, nonsense"), 403)
        self.assertEqual(self.status(web, "127.0.0.8", "192.0.2.5"), 403)

    def test_a_list_with_a_mistake_stops_the_start(self):
        line = Installation(BINARIES, {"IP_ALLOWLIST": "10.0.0.0/33"})
        self.addCleanup(line.close)
        result = line.run(program="wattline-web")
        self.assertEqual(result.returncode, 2)
        self.assertIn("IP_ALLOWLIST", result.stderr)

    def test_a_public_name_is_answered_when_it_is_configured(self):
        web = self.web({"WEB_ALLOWED_HOSTS": "ems.example.com"})
        def status(host):
            return web.ask("GET", "/api/devices", headers={"Host": host}, secure=False)[0]
        self.assertEqual(status("ems.example.com:8080"), 401)
        self.assertEqual(status("evil.example.com"), 421)

    def test_a_name_that_is_none_stops_the_start(self):
        line = installation(self, {"WEB_ALLOWED_HOSTS": "https://ems.example.com"})
        result = line.run(program="wattline-web")
        self.assertEqual(result.returncode, 2)
        self.assertIn("WEB_ALLOWED_HOSTS", result.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
