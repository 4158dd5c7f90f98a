"""The two OPC UA links are cut, reset, half dead, hung and slow: nothing is missing afterwards, and
no gap is recorded, because every outage here is shorter than what the servers keep."""

import sys
import unittest

from faulty_line import FaultyLine, assert_contract

BINARIES = sys.argv.pop(1)
FAULTS = (("cut", 3), ("stall", 6), ("deaf", 6), ("reset", 1), ("slow", 3))


class BrokenLinks(unittest.TestCase):

    def test_a_scan_outlives_every_fault_of_a_link(self):
        with FaultyLine(BINARIES) as faulty:
            for link, name in ((faulty.plc_link, "PLC to gateway"),
                               (faulty.gateway_link, "gateway to collector")):
                for mode, seconds in FAULTS:
                    with faulty.fault(f"{name}: {mode} for {seconds} s", is_whole=True):
                        faulty.break_link(link, mode, seconds)
            with faulty.fault("gateway to collector: cut for 20 s", is_whole=True):
                faulty.break_link(faulty.gateway_link, "cut", 20)
            assert_contract(self, faulty.end())


if __name__ == "__main__":
    unittest.main()
