"""The three peers as private processes on free loopback ports; Debian's packages, no service."""

import contextlib
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

PROGRAMS = {"victoria": ("victoria-metrics", "/usr/bin/victoria-metrics"),
            "influx": ("influxdb", "/usr/bin/influxd"),
            "clickhouse": ("clickhouse-server", "/usr/sbin/clickhouse-server")}

INFLUX_CONFIG = """
reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
  logging-enabled = false
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  query-log-enabled = false
  # So that what is measured on disk is merged soon after the last write.
  cache-snapshot-write-cold-duration = "5s"
  compact-full-write-cold-duration = "5s"
[http]
  bind-address = "127.0.0.1:{http}"
  log-enabled = false
[monitor]
  store-enabled = false
[continuous_queries]
  enabled = false
[logging]
  level = "error"
"""

CLICKHOUSE_CONFIG = """<?xml version="1.0"?>
<yandex>
  <logger>
    <level>error</level><log>{folder}/log</log><errorlog>{folder}/error.log</errorlog>
  </logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>{http}</http_port>
  <tcp_port>{rpc}</tcp_port>
  <path>{folder}/data/</path>
  <tmp_path>{folder}/tmp/</tmp_path>
  <mark_cache_size>268435456</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <keep_alive_timeout>3600</keep_alive_timeout>
  <users_config>{folder}/users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
</yandex>
"""

CLICKHOUSE_USERS = """<?xml version="1.0"?>
<yandex>
  <profiles><default></default></profiles>
  <users><default>
    <password></password><networks><ip>127.0.0.1</ip></networks>
    <profile>default</profile><quota>default</quota>
  </default></users>
  <quotas><default></default></quotas>
</yandex>
"""


def missing_packages(names):
    return [PROGRAMS[name][0] for name in names if not pathlib.Path(PROGRAMS[name][1]).exists()]


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def command_of(name, folder, http, rpc):
    """Writes what the peer reads; returns how to start it and the path that tells it is ready."""
    program = PROGRAMS[name][1]
    if name == "victoria":
        # The synthetic samples are of 2024: only the retention differs from the defaults.
        return [program, f"-storageDataPath={folder}", f"-httpListenAddr=127.0.0.1:{http}",
                "-retentionPeriod=100y", "-loggerLevel=ERROR"], "/health"
    if name == "influx":
        config = folder / "influxdb.conf"
        config.write_text(INFLUX_CONFIG.format(folder=folder, http=http, rpc=rpc))
        return [program, "-config", str(config)], "/ping"
    (folder / "tmp").mkdir()
    (folder / "data").mkdir()
    (folder / "users.xml").write_text(CLICKHOUSE_USERS)
    config = folder / "config.xml"
    config.write_text(CLICKHOUSE_CONFIG.format(folder=folder, http=http, rpc=rpc))
    return [program, f"--config-file={config}"], "/ping"


def wait_until_ready(name, process, url, log):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{name} does not start:\n{log.read_text(errors='replace')[-2000:]}")


def stop(process):
    """Ends by its own number; waits, so that its folder may go."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running(names, folder):
    """Name -> HTTP port of peers with empty databases in folder/<name>; ended and erased after."""
    ports, processes = {}, []
    try:
        for name in names:
            home = folder / name
            home.mkdir(parents=True)
            http, rpc = free_ports(2)
            command, ready = command_of(name, home, http, rpc)
            log = folder / f"{name}.log"
            with open(log, "wb") as output:
                processes.append(subprocess.Popen(command, cwd=home, stdin=subprocess.DEVNULL,
                                                  stdout=output, stderr=output))
            wait_until_ready(name, processes[-1], f"http://127.0.0.1:{http}{ready}", log)
            ports[name] = http
        yield ports
    finally:
        for process in processes:
            stop(process)
        for name in names:
            shutil.rmtree(folder / name, ignore_errors=True)
