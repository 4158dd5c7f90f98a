"""A private MariaDB server on a loopback port and a directory of its own, for tests.

    with MariadbServer() as server:
        server.create_database("energy_management")

Needs the Debian packages mariadb-server-core and mariadb-client. Started by root it runs as the
user nobody. It ends and its directory goes away with the `with` block, also when the test fails.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from installation import free_port, wait_until

USER, PASSWORD = "energy_user", "p'w d"


class MariadbServer:
    """`flags` go to the server's command line, as "--read-only=1"."""

    def __init__(self, *flags):
        self.flags = list(flags)
        self.port = free_port()
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="wattline-mariadb-"))
        self.process = None
        self._as_nobody = []
        if os.geteuid() == 0:
            shutil.chown(self.root, "nobody", "nogroup")
            self._as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]

    def __enter__(self):
        try:
            self._install()
            self.start()
            return self
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    # --- life -------------------------------------------------------------------------------

    def _install(self):
        (self.root / "init.sql").write_text(
            "CREATE USER IF NOT EXISTS 'tester'@'127.0.0.1' IDENTIFIED BY 'tester';\n"
            "GRANT ALL PRIVILEGES ON *.* TO 'tester'@'127.0.0.1' WITH GRANT OPTION;\n",
            encoding="utf-8")
        done = subprocess.run(
            [*self._as_nobody, "mariadb-install-db", "--no-defaults",
             f"--datadir={self.root / 'data'}", "--auth-root-authentication-method=normal",
             "--skip-test-db", "--innodb-log-file-size=8M", "--innodb-flush-method=nosync",
             "--sync-frm=0"],
            cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60,
            check=False)
        assert done.returncode == 0, done.stdout

    def start(self):
        """On the same directory and port; returns when it answers."""
        self.launch()
        wait_until("MariaDB answers", self._answers, timeout=60)

    def launch(self):
        """Starts it and returns at once."""
        with open(self.root / "log", "ab") as log:
            self.process = subprocess.Popen(
                [*self._as_nobody, "mariadbd", "--no-defaults", f"--datadir={self.root / 'data'}",
                 f"--socket={self.root / 'socket'}", f"--pid-file={self.root / 'pid'}",
                 f"--init-file={self.root / 'init.sql'}", "--bind-address=127.0.0.1",
                 f"--port={self.port}", "--skip-name-resolve", "--skip-log-bin",
                 "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=8M",
                 # No fsync: what is written outlives a SIGKILL all the same, and no test here cuts
                 # the power.
                 "--innodb-flush-method=nosync", "--sync-frm=0", "--skip-innodb-doublewrite",
                 *self.flags],
                cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _answers(self):
        assert self.process.poll() is None, "mariadbd ended:\n" + self.log()
        return self._client("SELECT 1").returncode == 0

    def stop(self):
        self._end(signal.SIGTERM)

    def kill(self):
        self._end(signal.SIGKILL)

    def _end(self, how):
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def close(self):
        self.kill()
        shutil.rmtree(self.root, ignore_errors=True)

    def log(self):
        return (self.root / "log").read_text(encoding="utf-8", errors="replace")[-4000:]

    # --- SQL --------------------------------------------------------------------------------

    def _client(self, sql, database=""):
        return subprocess.run(
            ["mariadb", "--no-defaults", "--host=127.0.0.1", f"--port={self.port}",
             "--user=tester", "--password=tester", "--batch", "--skip-column-names", database],
            input=sql, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30,
            check=False)

    def sql(self, sql, database=""):
        """As the administrator; rows as lists of text."""
        done = self._client(sql, database)
        assert done.returncode == 0, done.stderr
        return [line.split("\t") for line in done.stdout.splitlines()]

    def create_database(self, name):
        """Empty, and the user USER may do everything there, but nothing elsewhere."""
        password = PASSWORD.replace("'", "''")
        self.sql(f"CREATE DATABASE {name};"
                 f"CREATE USER IF NOT EXISTS '{USER}'@'127.0.0.1' IDENTIFIED BY '{password}';"
                 f"GRANT ALL PRIVILEGES ON {name}.* TO '{USER}'@'127.0.0.1';")

    def settings(self, name):
        """Of .env, for a database made by create_database()."""
        return {"DB_TYPE": "mysql", "DB_HOST": "127.0.0.1", "DB_PORT": self.port,
                "DB_USER": USER, "DB_PASSWORD": f'"{PASSWORD}"', "DB_NAME": name}

    @property
    def place(self):
        """As messages name it."""
        return f"127.0.0.1:{self.port}"
