"""A further wattline-web beside the supervised one.

    with WebProcess(line, instance=2) as web:
        web.get("/readyz")

It has its own port, lock and status file and the session of `line`. `run_dir`: another folder for
run/, as on another machine, where run/live.sock is not.
"""

import signal
import subprocess

from installation import free_port, wait_until


class WebProcess:

    def __init__(self, line, instance, run_dir=None):
        self.line = line
        self.port = free_port()
        self._command = [line.binaries / "wattline-web", "--root", line.root,
                         "--instance", str(instance), "--port", str(self.port)]
        self._environment = dict(line._environment())
        if run_dir:
            self._environment["WATTLINE_RUN_DIR"] = str(run_dir)
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(self._command, env=self._environment,
                                        stdin=subprocess.DEVNULL)
        try:
            wait_until("the further web process answers", self._answers)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)

    def _answers(self):
        try:
            return self.request("GET", "/healthz")[0] == 200
        except OSError:
            return False

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def cookie_header(self):
        return self.line.cookie_header()

    def request(self, method, path, body=None):
        """As Installation.request(), to this process."""
        own, self.line.ports["web"] = self.line.ports["web"], self.port
        try:
            return self.line.request(method, path, body)
        finally:
            self.line.ports["web"] = own

    def get(self, path):
        status, body = self.request("GET", path)
        assert status == 200, f"GET {path}: {status} {body}"
        return body

    def ready(self):
        """What /readyz says, or nothing while it is not."""
        status, body = self.request("GET", "/readyz")
        return body if status == 200 else None

    def not_ready(self):
        """Why not, or nothing."""
        status, body = self.request("GET", "/readyz")
        return body["message"] if status == 503 else None
