"""A TCP proxy on 127.0.0.1 whose line can be cut, reset, stalled, half dead or slow.

    with TcpProxy(target_port) as proxy:
        connect to proxy.port
        proxy.mode = "stall"
"""

import contextlib
import select
import socket
import struct
import threading
import time

MODES = ("pass", "cut", "reset", "stall", "deaf", "slow")
CHUNK = 65_536
TURN = 0.02
SLOW_BYTES, SLOW_PAUSE = 2_000, 0.02  # 100 kB/s, and each chunk a turn late.


class TcpProxy:
    """pass    bytes go through
    cut     connections are closed, new ones at once
    reset   likewise, with RST
    stall   connections stay and are taken, no byte moves; what waited goes on afterwards
    deaf    bytes from the client vanish, those of the server arrive
    slow    100 kB/s
    """

    def __init__(self, target_port):
        self.target_port = target_port
        self.mode = "pass"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._pairs = []
        self._ending = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._ending = True
        self._thread.join(5)
        self._close_all()
        self._listener.close()

    def _run(self):
        while not self._ending:
            if self.mode in ("cut", "reset"):
                self._close_all(with_reset=self.mode == "reset")
            waiting = [self._listener]
            if self.mode in ("pass", "deaf", "slow"):
                waiting += [end for pair in self._pairs for end in pair]
            ready, _, _ = select.select(waiting, [], [], TURN)
            if self._listener in ready:
                self._accept()
            for pair in list(self._pairs):
                for source, sink in (pair, pair[::-1]):
                    if source in ready:
                        self._forward(pair, source, sink)
            if self.mode == "slow":
                time.sleep(SLOW_PAUSE)

    def _accept(self):
        client, _ = self._listener.accept()
        if self.mode in ("cut", "reset"):
            _end(client, self.mode == "reset")
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.target_port), timeout=1)
        except OSError:
            client.close()
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            end.settimeout(1)
        self._pairs.append((client, server))

    def _forward(self, pair, source, sink):
        try:
            data = source.recv(SLOW_BYTES if self.mode == "slow" else CHUNK)
            if data and not (self.mode == "deaf" and source is pair[0]):
                sink.sendall(data)
        except OSError:
            data = b""
        if not data:
            self._drop(pair)

    def _drop(self, pair, with_reset=False):
        if pair not in self._pairs:
            return
        self._pairs.remove(pair)
        for end in pair:
            _end(end, with_reset)

    def _close_all(self, with_reset=False):
        for pair in list(self._pairs):
            self._drop(pair, with_reset)


def _end(connection, with_reset):
    with contextlib.suppress(OSError):
        if with_reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
