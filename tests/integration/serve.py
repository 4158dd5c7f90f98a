"""Starts a private installation for tests in another language: prints one JSON line with its
addresses, serves until standard input closes, then stops and removes everything."""

import json
import sys

from installation import Installation


def main():
    binaries = sys.argv[1]
    settings = dict(pair.split("=", 1) for pair in sys.argv[2:])
    with Installation.start(binaries, settings) as line:
        print(json.dumps({"url": line.url, "root": str(line.root),
                          "gateway": f"opc.tcp://127.0.0.1:{line.ports['gateway']}",
                          "plc": f"opc.tcp://127.0.0.1:{line.ports['plc']}"}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
