"""A running line whose truth is written down, with a proxy on both of its OPC UA links."""

import contextlib
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from installation import Installation, wait_until  # noqa: E402
from judge import Verdict, read_truth  # noqa: E402
from tcp_proxy import TcpProxy  # noqa: E402

PROGRAMS = ("wattline-gateway", "wattline-collector", "wattline-web")
QUIET = 3.0  # Between two faults, so that each has a time of its own.


def with_truth_log(binaries, folder):
    """Programs like `binaries`, but the PLC writes `folder`/truth.csv."""
    binaries = pathlib.Path(binaries).resolve()
    shutil.copy2(binaries / "wattline", folder / "wattline")  # It starts what lies beside it.
    for name in PROGRAMS:
        (folder / name).symlink_to(binaries / name)
    script = folder / "wattline-plc"
    script.write_text("#!/bin/sh\n"
                      f'exec "{binaries}/wattline-plc" --truth-log "{folder}/truth.csv" "$@"\n',
                      encoding="utf-8")
    script.chmod(0o755)
    return folder


class FaultyLine:
    """    with FaultyLine(binaries) as faulty:
            with faulty.fault("the PLC's line is cut", is_whole=True):
                faulty.break_link(faulty.plc_link, "cut", 3)
            verdict = faulty.end()
    """

    def __init__(self, binaries, settings=None):
        self._open = contextlib.ExitStack()
        folder = pathlib.Path(tempfile.mkdtemp(prefix="wattline-fault-"))
        self._open.callback(shutil.rmtree, folder, ignore_errors=True)
        self.truth = folder / "truth.csv"
        self.windows = []
        self.line = Installation(with_truth_log(binaries, folder), settings)
        self._open.callback(self.line.close)
        self.plc_link = self._open.enter_context(TcpProxy(self.line.ports["plc"]))
        self.gateway_link = self._open.enter_context(TcpProxy(self.line.ports["gateway"]))
        self._route_through_proxies()

    def _route_through_proxies(self):
        config = self.line.root / "config/gateway.json"
        text = config.read_text(encoding="utf-8")
        ours = "opc.tcp://${PLC_OPC_UA_HOST}:${PLC_OPC_UA_PORT}"
        assert ours in text
        config.write_text(text.replace(ours, f"opc.tcp://127.0.0.1:{self.plc_link.port}"),
                          encoding="utf-8")
        self.line.settings["OPC_UA_SERVER_URL"] = f"opc.tcp://127.0.0.1:{self.gateway_link.port}"
        self.line.write_settings()

    def __enter__(self):
        try:
            self.line.up()
            self.line.sign_in()
            time.sleep(QUIET)
            return self
        except BaseException:
            self.line.print_logs()
            self._open.close()
            raise

    def __exit__(self, *_):
        self._open.close()

    @contextlib.contextmanager
    def fault(self, name, is_whole):
        """What happens inside is the fault. `is_whole`: nothing may be missing afterwards, and no
        gap may be recorded. Returns when values are good and new again."""
        begin = time.time_ns() // 1_000_000
        yield
        self.wait_for_a_new_scan()
        self.windows.append((name, begin, time.time_ns() // 1_000_000, is_whole))
        time.sleep(QUIET)

    def break_link(self, proxy, mode, seconds):
        """The line of that proxy is broken for that long, then whole."""
        proxy.mode = mode
        time.sleep(seconds)
        proxy.mode = "pass"

    def wait_for_a_new_scan(self, timeout=45):
        seen = []

        def moved():
            with contextlib.suppress(AssertionError, KeyError, OSError):
                now = self.line.current("total")
                if now["status"] == "offline" or self.line.status("collector") is None:
                    return False
                seen.append(now["scan_count"])
            return len(set(seen)) > 2
        wait_until("values that are good and move", moved, timeout)

    def stop_for(self, process, seconds):
        """SIGSTOP, and SIGCONT if it still lives then."""
        pid = self.line.pid(process)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    def kill(self, process):
        """SIGKILL; returns when the supervisor has started another one, well or not."""
        pid = self.line.pid(process)
        os.kill(pid, signal.SIGKILL)
        wait_until(f"another {process}", lambda: self.line.replaced(process, pid), timeout=60)

    def _backlog_is_short(self):
        status = self.line.status("collector")
        return status and status["healthy"] and int(status["details"]["spool_behind_s"]) <= 15

    def end(self):
        """Ends the line in order and judges what it stored."""
        wait_until("what waited is in the database", self._backlog_is_short, timeout=60)
        code = self.line.down()
        assert code == 0, f"`wattline up` ended with {code}"
        exported = self.line.run("export", "--points", "total.scan_count")
        assert exported.returncode == 0, exported.stderr
        return Verdict(read_truth(self.truth), exported.stdout, self.windows)


def assert_contract(test, verdict):
    """C1–C3 of the whole run, and the promise of each fault."""
    for window in verdict.windows:
        missing, gaps = verdict.of_window(window)
        with test.subTest(fault=window[0]):
            if window[3]:
                test.assertEqual((missing, gaps), ([], []), "nothing may be missing")
    with test.subTest("every scan that is missing lies in a recorded gap"):
        test.assertEqual(verdict.unexplained, [])
    with test.subTest("every gap lies in the time of a fault that cut the line"):
        test.assertEqual(verdict.false_gaps, [])
    with test.subTest("nothing is stored twice"):
        test.assertEqual(verdict.doubled, [])
    with test.subTest("nothing is stored that never happened"):
        test.assertEqual(verdict.invented, [])
    test.assertGreater(verdict.scans, 100)
