#!/usr/bin/env python3
"""Keeps docs/openapi.json equal to what wattline-web says of itself. The web UI takes its types
from it, and integrators read it without an installation.

    tools/openapi_document.py build/dev/bin            exit code 1 when they differ
    tools/openapi_document.py build/dev/bin --write    writes it anew
"""
import difflib
import json
import pathlib
import subprocess
import sys

DOCUMENT = pathlib.Path(__file__).resolve().parents[1] / "docs/openapi.json"


def said_by(binaries):
    done = subprocess.run([f"{binaries}/wattline-web", "--print-openapi"], check=True, text=True,
                          capture_output=True)
    return json.dumps(json.loads(done.stdout), indent=1, ensure_ascii=False) + "\n"


def main():
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    said = said_by(sys.argv[1])
    if "--write" in sys.argv[2:]:
        DOCUMENT.write_text(said, encoding="utf-8")
        return 0
    kept = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    if kept == said:
        return 0
    changes = difflib.unified_diff(kept.splitlines(), said.splitlines(), "docs/openapi.json",
                                   "wattline-web --print-openapi", lineterm="", n=1)
    print("\n".join(list(changes)[:80]))
    print(f"\nrun: tools/openapi_document.py {sys.argv[1]} --write")
    return 1


if __name__ == "__main__":
    sys.exit(main())
