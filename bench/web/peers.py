"""Flask with gunicorn and nginx, Debian's packages, as private processes on free loopback ports."""

import contextlib
import datetime
import json
import os
import pathlib
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request

from installation import free_port, wait_until

HERE = pathlib.Path(__file__).resolve().parent
GUNICORN, NGINX = pathlib.Path("/usr/bin/gunicorn"), pathlib.Path("/usr/sbin/nginx")
PACKAGES = {"python3-flask": pathlib.Path("/usr/lib/python3/dist-packages/flask/__init__.py"),
            "gunicorn": GUNICORN, "nginx-light": NGINX}

# One worker: a core is what is compared. Everything that it may write lies in its own folder.
NGINX_CONFIG = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  keepalive_requests 100000000;
  client_body_temp_path {folder}/tmp;
  proxy_temp_path {folder}/tmp;
  fastcgi_temp_path {folder}/tmp;
  uwsgi_temp_path {folder}/tmp;
  scgi_temp_path {folder}/tmp;
  default_type application/json;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


def missing_packages():
    return [name for name, proof in PACKAGES.items() if not proof.exists()]


def versions():
    listed = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *PACKAGES],
                            capture_output=True, text=True, check=False).stdout
    return listed.split("\n")[:-1]


def make_database(path):
    """The newest day of a service of this kind: one row a device and minute."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE TABLE energy_data (id INTEGER PRIMARY KEY, timestamp TEXT, device_id TEXT, "
            "device_name TEXT, power_kw REAL, energy_kwh REAL, status TEXT, speed REAL)")
        database.execute("CREATE INDEX newest ON energy_data (device_id, timestamp)")
        now = datetime.datetime.now(datetime.timezone.utc)
        database.executemany(
            "INSERT INTO energy_data (timestamp, device_id, power_kw, energy_kwh, status, speed) "
            "VALUES (?, ?, ?, ?, 'running', 1.5)",
            [((now - datetime.timedelta(minutes=i)).isoformat(timespec="milliseconds"), device,
              0.95 + i % 7 / 1000, 1234.567 - i / 1000)
             for i in range(1440) for device in ("conveyor", "station1")])
        database.commit()


def children(pid):
    return [int(word) for word in
            pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Peer:
    """A running server: its port, its processes, the cookie of a signed-in user."""

    def __init__(self, port, process):
        self.port, self.process, self.cookie = port, process, ""

    @property
    def pids(self):
        return [self.process.pid, *children(self.process.pid)]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, OSError):
        return False


def stop(process):
    """Ends by its own number; waits, so that its folder may go."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def started(command, port, log, **how):
    with open(log, "wb") as output:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=output, **how)
    try:
        wait_until(f"{command[0]} answers (see {log})",
                   lambda: process.poll() is not None or answers(f"http://127.0.0.1:{port}/"))
        if process.poll() is not None:
            raise RuntimeError(f"{command[0]}:\n{log.read_text(errors='replace')[-2000:]}")
        yield Peer(port, process)
    finally:
        stop(process)


def sign_in(peer):
    asked = urllib.request.Request(
        f"http://127.0.0.1:{peer.port}/auth/login", headers={"Content-Type": "application/json"},
        data=json.dumps({"username": "admin", "password": "admin123"}).encode())
    with urllib.request.urlopen(asked) as answer:
        peer.cookie = answer.headers["Set-Cookie"].split(";")[0]


@contextlib.contextmanager
def flask(folder, *worker):
    """Two workers; `worker` are further options of gunicorn. No access log."""
    folder.mkdir()
    make_database(folder / "energy.db")
    port = free_port()
    command = [GUNICORN, "--workers", "2", *worker, "--bind", f"127.0.0.1:{port}",
               "--worker-tmp-dir", folder, "flask_app:app"]
    environment = {"PATH": "/usr/bin:/bin", "BENCH_DATABASE": str(folder / "energy.db"),
                   "PYTHONDONTWRITEBYTECODE": "1"}
    with started(command, port, folder / "log", cwd=HERE, env=environment) as peer:
        sign_in(peer)
        time.sleep(1)  # Both workers are up and have their values.
        yield peer


@contextlib.contextmanager
def nginx(folder, file_bytes):
    """Serves /current, a file of so many bytes."""
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "current").write_bytes(b"x" * file_bytes)
    port = free_port()
    user = "root" if os.getuid() == 0 else "nobody"
    config = folder / "nginx.conf"
    config.write_text(NGINX_CONFIG.format(folder=folder, port=port, user=user))
    command = [NGINX, "-c", config, "-p", folder, "-e", folder / "error.log"]
    with started(command, port, folder / "log") as peer:
        yield peer
