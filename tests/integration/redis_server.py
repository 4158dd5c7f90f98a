"""A private redis-server on a loopback port and a directory of its own, for tests.

    with RedisServer("password") as redis:
        settings = redis.settings()

Needs the Debian package redis-server. It ends and its directory goes away with the `with` block.
"""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

from installation import free_port, wait_until


class RedisServer:

    def __init__(self, password):
        self.password = password
        self.port = free_port()
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="wattline-redis-"))
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.root, ignore_errors=True)

    def settings(self):
        """For .env."""
        return {"CACHE_ENABLED": "True", "REDIS_HOST": "127.0.0.1", "REDIS_PORT": self.port,
                "REDIS_DB": 2, "REDIS_PASSWORD": self.password}

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", str(self.root), "--requirepass", self.password],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until("redis-server answers", self._answers)

    def _answers(self):
        try:
            return self.run("PING") == "+PONG"
        except OSError:
            return False

    def kill(self):
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGCONT)
            self.process.kill()
            self.process.wait()

    def halt(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self.process.pid, signal.SIGCONT)

    def run(self, command):
        """The first line of the answer to one inline command."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(f"AUTH {self.password}\r\nSELECT 2\r\n{command}\r\n".encode())
            lines = b""
            while lines.count(b"\r\n") < 3:
                part = connection.recv(4096)
                if not part:
                    raise ConnectionError("redis-server closed the connection")
                lines += part
        return lines.split(b"\r\n")[2].decode()
