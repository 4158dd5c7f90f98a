#!/usr/bin/env python3
"""Reads JUnit reports of ctest and prints the verdict: names that failed, then one last line.

    tools/test_verdict.py build/dev/junit.xml build/optimised/junit.xml

The last line is `N passed, N failed`. Whatever did not run to its end (skipped, disabled, not
found) counts as failed. Exit code 0 when at least one passed and none failed.
"""
import sys
import xml.etree.ElementTree as xml


def verdict(report):
    """(passed, names that failed) of one report as text."""
    passed, failed = 0, []
    for case in xml.fromstring(report).iter("testcase"):
        good = case.get("status") == "run" and not any(
            case.find(kind) is not None for kind in ("failure", "error", "skipped"))
        if good:
            passed += 1
        else:
            failed.append(f"{case.get('name')} ({case.get('status')})")
    return passed, failed


def verdict_of_file(path):
    """Likewise; a report that cannot be read is one failure."""
    try:
        with open(path, encoding="utf-8") as file:
            passed, failed = verdict(file.read())
    except (OSError, xml.ParseError) as error:
        return 0, [f"the report {path}: {error}"]
    return passed, failed or ([] if passed else [f"the report {path}: it holds no test"])


def main(*paths):
    verdicts = [verdict_of_file(path) for path in paths]
    passed = sum(count for count, _ in verdicts)
    failed = [name for _, names in verdicts for name in names]
    for name in failed:
        print(f"FAILED {name}")
    print(f"{passed} passed, {len(failed)} failed")
    return 0 if passed > 0 and not failed else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
