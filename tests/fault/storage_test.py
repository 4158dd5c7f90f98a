"""The database is killed, stopped, silent and cut off in the middle of an answer; disks are full.
What was collected meanwhile waits on the disk and reaches the database, each scan once."""

import contextlib
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

from faulty_line import FaultyLine, assert_contract
from mariadb_server import MariadbServer
from tcp_proxy import TcpProxy

BINARIES = sys.argv.pop(1)


@contextlib.contextmanager
def small_disk(folder, megabytes):
    """That folder lies on a file system of its own while the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder],
                   check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder):
    """Takes what is left of the disk; returns the file that does."""
    path = folder / "filler"
    with contextlib.suppress(OSError), open(path, "wb", buffering=0) as file:
        while True:
            file.write(bytes(65_536))
    with contextlib.suppress(OSError), open(path, "ab", buffering=0) as file:
        while True:
            file.write(bytes(512))
    return path


class BrokenDatabase(unittest.TestCase):

    def test_mariadb_may_be_away_silent_or_cut_off(self):
        with MariadbServer() as server, TcpProxy(server.port) as proxy:
            server.create_database("energy_management")
            settings = server.settings("energy_management") | {"DB_PORT": proxy.port,
                                                               "BATCH_WRITE_INTERVAL": 1}
            with FaultyLine(BINARIES, settings) as faulty:
                with faulty.fault("MariaDB killed and started again", is_whole=True):
                    server.kill()
                    time.sleep(2)
                    server.start()
                with faulty.fault("MariaDB stopped for 15 s", is_whole=True):
                    server.stop()
                    time.sleep(15)
                    server.start()
                with faulty.fault("MariaDB halted for 8 s", is_whole=True):
                    server.process.send_signal(signal.SIGSTOP)
                    time.sleep(8)
                    server.process.send_signal(signal.SIGCONT)
                with faulty.fault("the way to MariaDB hangs for 6 s", is_whole=True):
                    faulty.break_link(proxy, "stall", 6)
                with faulty.fault("answers of COMMIT are lost, ten times", is_whole=True):
                    for _ in range(10):
                        faulty.break_link(proxy, "reset", 0.05)
                        time.sleep(0.7)
                with faulty.fault("the collector starts without its database", is_whole=True):
                    server.stop()
                    faulty.kill("collector")
                    faulty.wait_for_a_new_scan()
                    server.start()
                assert_contract(self, faulty.end())


class FullDisk(unittest.TestCase):

    def test_a_full_disk_loses_nothing_that_was_acknowledged(self):
        with contextlib.ExitStack() as after:
            faulty = FaultyLine(BINARIES)
            after.callback(faulty.__exit__)
            data = after.enter_context(small_disk(faulty.line.root / "data", 64))
            faulty.__enter__()
            with faulty.fault("the disk of data/ is full for 10 s", is_whole=True):
                filler = fill(data)
                time.sleep(10)
                filler.unlink()
            with faulty.fault("the database is locked for 15 s", is_whole=True):
                self.lock(data / "wattline.db", 15)
            assert_contract(self, faulty.end())

    def lock(self, path, seconds):
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("BEGIN EXCLUSIVE")
            time.sleep(seconds)
            database.execute("ROLLBACK")


if __name__ == "__main__":
    unittest.main()
