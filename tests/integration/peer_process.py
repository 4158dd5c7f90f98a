"""mail_peer.py as a child: a mail server or a webhook that can be stopped and started again."""

import json
import pathlib
import subprocess
import sys
import threading

PEER = pathlib.Path(__file__).with_name("mail_peer.py")


class PeerProcess:
    """What it took is in `taken`, in order, also from before a stop."""

    def __init__(self, kind, port, *options):
        self.arguments = [sys.executable, PEER, kind, "--port", str(port), *options]
        self.taken = []
        self._process = None
        self._reader = None

    def start(self, *more):
        """Returns when it listens."""
        self._process = subprocess.Popen([*self.arguments, *more], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True, encoding="utf-8")
        first = self._process.stdout.readline()
        assert first.startswith("PORT "), first
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,),
                                        daemon=True)
        self._reader.start()

    def stop(self):
        if self._process:
            self._process.terminate()
            self._process.wait(10)
            self._reader.join(10)
            self._process.stdin.close()
            self._process.stdout.close()
            self._process = None

    def _read(self, stream):
        for line in stream:
            if line.startswith("{"):
                self.taken.append(json.loads(line))

    def first(self, where):
        return next((each for each in self.taken if where(each)), None)
