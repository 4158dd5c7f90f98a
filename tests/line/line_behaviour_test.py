"""plc_program/ behaves as the contract says: a day of it, seen from its published variables."""

import functools
import statistics
import sys
import unittest

from virtual_line import SCAN_S, VirtualLine, episodes, longest_above

BINARIES = sys.argv.pop(1)

STANDBY, RUNNING, FAULT = 0, 1, 2
DEVICES = ("Conveyor", "Station1", "Station2", "Reject")
NOISE = 0.016  # ± 1.5 %, and half a step of the meter.
HOURS = range(3600, 24 * 3600, 3600)


@functools.cache
def day():
    with VirtualLine(BINARIES) as line:
        return line.run("24h")


def run(duration, sets=(), constants=None):
    with VirtualLine(BINARIES, constants) as line:
        return line.run(duration, sets)


def overloads(trace):
    return (episodes(trace, "rConveyorPower", 3.0) + episodes(trace, "rStation1Power", 5.5)
            + episodes(trace, "rStation2Power", 5.5))


class Production(unittest.TestCase):

    def test_the_line_starts_by_itself(self):
        self.assertLess(day().spans("eSystemState", RUNNING)[0][0], 5)

    def test_every_tenth_of_a_second_is_one_scan(self):
        self.assertEqual(day().scans, 24 * 36000)

    def test_a_product_comes_about_every_40_s_and_never_faster_than_the_ideal_36_s(self):
        times = day().times["udiProductCount"][1:]
        cycles = [b - a for a, b in zip(times, times[1:])]
        self.assertGreaterEqual(min(cycles), 36)
        self.assertTrue(38 <= statistics.median(cycles) <= 43, statistics.median(cycles))
        self.assertTrue(38 <= statistics.mean(cycles) <= 50, statistics.mean(cycles))

    def test_each_part_that_passes_the_gate_is_counted_exactly_once(self):
        passes = day().whole_spans("bQualityGate", True)
        counted = day().times["udiProductCount"][1:]
        self.assertGreater(len(passes), 1500)
        self.assertEqual([sum(start <= t < end for t in counted[i:i + 1])
                          for i, (start, end) in enumerate(passes)], [1] * len(passes))
        self.assertEqual(day().values["udiProductCount"], list(range(len(counted) + 1)))

    def test_no_part_is_lost_or_made_on_the_way(self):
        seen = [len(day().spans(name, True))
                for name in ("bProductSensor1", "bProductSensor2", "bQualityGate")]
        self.assertLessEqual(max(seen) - min(seen), 1, seen)

    def test_the_majority_of_at_least_nine_samples_decides_on_each_product(self):
        misread = 0
        rejects = set(day().times["udiRejectCount"][1:])
        for (start, _), counted in zip(day().whole_spans("bQualityGate", True),
                                       day().times["udiProductCount"][1:]):
            scans = round((counted - start) / SCAN_S) + 1
            good = sum(day().at("bQualitySensor", start + i * SCAN_S) for i in range(scans))
            self.assertGreaterEqual(scans, 9)
            self.assertEqual(counted in rejects, 2 * good <= scans, f"at {counted} s")
            misread += 0 < good < scans
        self.assertGreater(misread, 500)  # Else one sample would have done.

    def test_about_one_product_in_twenty_is_rejected(self):
        share = day().last("udiRejectCount") / day().last("udiProductCount")
        self.assertTrue(0.035 < share < 0.065, share)

    def test_each_reject_is_one_pulse_of_two_seconds(self):
        pulses = day().whole_spans("bRejectActive", True)
        self.assertEqual(len(day().spans("bRejectActive", True)), day().last("udiRejectCount"))
        self.assertEqual({round(end - start, 1) for start, end in pulses}, {2.0})

    def test_a_station_works_five_seconds_on_a_part(self):
        for name in ("bStation1Active", "bStation2Active"):
            spans = [round(end - start, 1) for start, end in day().whole_spans(name, True)]
            self.assertEqual(set(spans[:100]), {5.0})
            self.assertLessEqual(max(spans), 5.0)


class Times(unittest.TestCase):

    def test_the_feed_pauses_now_and_then_and_that_is_no_fault(self):
        pauses = [s for s in day().spans("bProductSensor1", False) if s[1] - s[0] > 90
                  and set(day().within("eSystemState", *s)) == {RUNNING}]
        self.assertTrue(20 <= len(pauses) <= 120, len(pauses))

    def test_parts_jam_a_few_times_a_day_and_each_jam_is_a_fault_of_station_2_that_clears(self):
        faults = day().whole_spans("eSystemState", FAULT)
        self.assertTrue(3 <= len(faults) <= 20, len(faults))
        for start, end in faults:
            with self.subTest(start=start):
                self.assertEqual(day().at("eStation2State", start), FAULT)
                self.assertNotEqual(day().at("eStation1State", start), FAULT)
                self.assertTrue(day().at("bSystemFault", start))
                self.assertIn("station 2", day().at("sSystemStatus", start))
                self.assertLess(end - start, 120)
                self.assertEqual(day().at("eSystemState", end + 5), RUNNING)

    def test_station_2_faults_30_s_after_a_part_was_announced_and_never_when_starved(self):
        for start, _ in day().whole_spans("eSystemState", FAULT):
            with self.subTest(start=start):
                announced = max(t for t, _ in day().spans("bProductSensor1", True) if t < start)
                arrived = max(t for t, _ in day().spans("bProductSensor2", True) if t < start)
                self.assertGreater(announced, arrived)
                self.assertGreaterEqual(start - announced, 30)

    def test_down_seconds_are_the_time_in_fault_and_run_seconds_the_time_in_running(self):
        for name, state in (("iRunTimeSeconds", RUNNING), ("iDownTimeSeconds", FAULT)):
            for hour in HOURS:
                spans = [(a, min(b, hour)) for a, b in day().spans("eSystemState", state)]
                truth = sum(b - a for a, b in spans if a < hour)
                self.assertAlmostEqual(day().at(name, hour), truth, delta=1.1)

    def test_a_break_of_ten_minutes_ends_every_two_hours(self):
        breaks = [s for s in day().whole_spans("eSystemState", STANDBY) if s[1] - s[0] > 60]
        self.assertIn(len(breaks), (11, 12))
        for (start, end), following in zip(breaks, breaks[1:]):
            self.assertAlmostEqual(end - start, 600, delta=15)
            self.assertAlmostEqual(following[0] - start, 7200, delta=120)
            self.assertEqual(day().at("rConveyorSpeed", start + 5), 0)
            self.assertEqual(day().at("udiProductCount", start + 2),
                             day().at("udiProductCount", end))


class Energy(unittest.TestCase):

    def test_energy_is_the_integral_of_power_and_never_falls(self):
        for name in (*DEVICES, "Total"):
            with self.subTest(name):
                counter = day().values[f"r{name}Energy"]
                truth = day().integral(f"r{name}Power") / 3600
                self.assertEqual(counter, sorted(counter))
                self.assertAlmostEqual(counter[-1], truth, delta=max(truth * 0.001, 0.001))

    def test_the_total_is_the_sum_of_the_devices_within_the_resolution(self):
        for hour in HOURS:
            for quantity, resolution in (("Energy", 0.0031), ("Power", 0.0011)):
                parts = sum(day().at(f"r{name}{quantity}", hour) for name in DEVICES)
                self.assertAlmostEqual(day().at(f"rTotal{quantity}", hour), parts,
                                       delta=resolution)

    def test_each_device_draws_what_the_contract_says(self):
        for active, power, on, off in (("bStation1Active", "rStation1Power", 5.0, 0.2),
                                       ("bStation2Active", "rStation2Power", 5.0, 0.2),
                                       ("bRejectActive", "rRejectPower", 0.8, 0.05)):
            for state, nominal in ((True, on), (False, off)):
                with self.subTest(power=power, state=state):
                    drawn = [v for start, end in day().spans(active, state)[:300]
                             for v in day().within(power, start, end) if v <= 5.5]
                    self.assertAlmostEqual(min(drawn), nominal, delta=nominal * NOISE + 0.0005)
                    self.assertAlmostEqual(max(drawn), nominal, delta=nominal * NOISE + 0.0005)
        self.assertAlmostEqual(day().at("rConveyorPower", 60), 0.5 + 0.3 * 1.5, delta=0.016)

    def test_power_has_noise_and_each_device_its_own(self):
        first, second = ([day().at(f"r{name}Power", t) for t in range(600, 1200)]
                         for name in ("Conveyor", "Reject"))
        self.assertGreater(len(set(first)), 20)
        moves = [(b - a) * (d - c) for a, b, c, d in
                 zip(first, first[1:], second, second[1:])]
        self.assertGreater(sum(m < 0 for m in moves), 30)

    def test_the_first_overload_of_the_conveyor_comes_about_three_minutes_after_the_start(self):
        start, end = min(overloads(day()))
        self.assertEqual(episodes(day(), "rConveyorPower", 3.0)[0], (start, end))
        self.assertTrue(150 <= start <= 240, start)
        self.assertGreaterEqual(longest_above(day(), "rConveyorPower", 3.0, start, end), 3)

    def test_overloads_come_a_few_times_a_day_and_each_lasts_three_samples(self):
        found = overloads(day())
        self.assertTrue(2 <= len(found) <= 8, found)
        for start, end in found:
            longest = max(longest_above(day(), name, limit, start, end) for name, limit in
                          (("rConveyorPower", 3.0), ("rStation1Power", 5.5),
                           ("rStation2Power", 5.5)))
            self.assertGreaterEqual(longest, 3)
            self.assertLess(end - start, 300)

    def test_an_overload_that_falls_into_a_stop_comes_after_it(self):
        trace = run("20min", [(100, "bSystemStop", "TRUE"), (400, "bSystemStart", "TRUE")])
        self.assertTrue(450 <= overloads(trace)[0][0] <= 540, overloads(trace))

    def test_overloads_hit_each_station_too(self):
        trace = run("3h", (), {"SIM_OVERLOAD_CONVEYOR_SHARE": "0.0", "SIM_OVERLOAD_MIN_S": "300.0",
                               "SIM_OVERLOAD_MAX_S": "600.0"})
        self.assertEqual(len(episodes(trace, "rConveyorPower", 3.0)), 1)
        self.assertGreaterEqual(len(episodes(trace, "rStation1Power", 5.5, 200)), 2)
        self.assertGreaterEqual(len(episodes(trace, "rStation2Power", 5.5, 200)), 2)

    def test_outside_overloads_no_value_comes_near_a_default_threshold(self):
        found = overloads(day())
        for name, normal in (("rConveyorPower", 0.97), ("rStation1Power", 5.08),
                             ("rStation2Power", 5.08), ("rRejectPower", 0.82)):
            above = [t for t, _, v in day().steps(name) if v > normal
                     and not any(a - 180 <= t <= b + 180 for a, b in found)]
            self.assertEqual(above, [], name)
        self.assertLess(max(day().values["rTotalPower"]), 12.5)
        self.assertLess(day().last("rTotalEnergy"), 100)

    def test_the_energy_alarm_rises_in_overloads_only(self):
        alarms = day().spans("bEnergyAlarm", True)
        self.assertGreaterEqual(len(alarms), 1)
        for start, _ in alarms:
            self.assertTrue(any(a - 180 <= start <= b + 180 for a, b in overloads(day())), start)
            self.assertTrue(all(v > 7.0 for v in day().within("rTotalPower", start - 0.2, start)))


class EmergencyStop(unittest.TestCase):
    """Pressed while station 1 works; reset and start before and after the release."""

    @classmethod
    def setUpClass(cls):
        works = next(s for s in day().spans("bStation1Active", True) if s[0] > 300)
        cls.pressed = works[0] + 2
        commands = ((0, "bEmergencyStop", "TRUE"), (20, "bSystemReset", "TRUE"),
                    (30, "bSystemStart", "TRUE"), (60, "bEmergencyStop", "FALSE"),
                    (90, "bSystemStart", "TRUE"), (120, "bSystemReset", "TRUE"),
                    (180, "bSystemStart", "TRUE"))
        cls.trace = run("20min", [(cls.pressed + t, n, v) for t, n, v in commands])

    def states(self):
        return [(round(start - self.pressed, 1), state) for start, _, state in
                self.trace.steps("eSystemState") if start >= self.pressed]

    def test_power_falls_in_the_same_scan_to_what_the_devices_still_draw(self):
        for name, most in (("Conveyor", 0.052), ("Station1", 0.204), ("Station2", 0.204),
                           ("Reject", 0.052), ("Total", 0.51)):
            powers = self.trace.within(f"r{name}Power", self.pressed, self.pressed + 119)
            self.assertLessEqual(max(powers), most, name)
            self.assertGreater(min(powers), 0, name)

    def test_the_line_is_in_fault_until_reset_and_stands_until_a_person_starts_it(self):
        self.assertEqual(self.states()[:3], [(0, FAULT), (120, STANDBY), (180, RUNNING)])

    def test_the_belt_coasts_to_a_stop_and_the_line_produces_again_afterwards(self):
        self.assertEqual(self.trace.at("rConveyorSpeed", self.pressed + 5), 0)
        self.assertGreater(self.trace.last("udiProductCount"),
                           self.trace.at("udiProductCount", self.pressed + 180) + 5)

    def test_the_interrupted_part_is_processed_anew_and_counted_once(self):
        span = next(s for s in self.trace.spans("bStation1Active", True) if s[0] > self.pressed)
        self.assertAlmostEqual(span[1] - span[0], 5.0, delta=0.01)
        self.assertEqual(self.trace.last("udiProductCount"),
                         len(self.trace.whole_spans("bQualityGate", True)))

    def test_the_simulation_never_resets_a_released_emergency_stop(self):
        trace = run("3h", [(600, "bEmergencyStop", "TRUE"), (700, "bEmergencyStop", "FALSE")])
        self.assertEqual(set(trace.within("eSystemState", 600, trace.end)), {FAULT})

    def test_a_cut_reject_pulse_is_given_in_full_only_when_the_line_runs_again(self):
        cut = day().spans("bRejectActive", True)[0][0] + 1
        trace = run("2h", [(cut, "bEmergencyStop", "TRUE"), (cut + 9, "bEmergencyStop", "FALSE"),
                           (cut + 20, "bSystemReset", "TRUE"), (cut + 30, "bSystemStart", "TRUE")])
        self.assertLessEqual(trace.at("rRejectPower", cut), 0.052)
        pulses = [(round(a - cut, 1), round(b - cut, 1))
                  for a, b in trace.spans("bRejectActive", True)]
        self.assertEqual(pulses[:2], [(-1, 0), (30, 32)])


class PeopleDecide(unittest.TestCase):

    def test_a_stop_by_a_person_is_never_undone_by_the_simulation(self):
        trace = run("3h", [(600, "bSystemStop", "TRUE")])
        self.assertEqual(set(trace.within("eSystemState", 600, trace.end)), {STANDBY})
        self.assertFalse(trace.at("bSystemStop", 600.2))

    def test_a_stop_in_a_break_or_in_a_fault_holds_too(self):
        pause = next(s[0] for s in day().spans("eSystemState", STANDBY) if s[1] - s[0] > 60)
        trace = run("150min", [(pause + 60, "bSystemStop", "TRUE")])
        self.assertEqual(set(trace.within("eSystemState", pause + 60, trace.end)), {STANDBY})

        jams = {"SIM_JAM_SHARE": "0.2"}
        fault = run("1h", (), jams).spans("eSystemState", FAULT)[0][0]
        trace = run("1h", [(fault + 5, "bSystemStop", "TRUE")], jams)
        self.assertEqual(set(trace.within("eSystemState", fault + 5, trace.end)), {FAULT})

    def test_after_a_person_starts_the_line_again_the_simulated_operator_is_back(self):
        trace = run("3h", [(600, "bSystemStop", "TRUE"), (900, "bSystemStart", "TRUE")])
        self.assertEqual(trace.at("eSystemState", 900), RUNNING)
        self.assertTrue(any(e - s > 500 for s, e in trace.spans("eSystemState", STANDBY)[1:]))
        self.assertEqual(trace.at("eSystemState", trace.end - 1), RUNNING)

    def test_a_stop_and_a_start_in_the_same_scan_stop(self):
        trace = run("20min", [(time, command, "TRUE") for time in (600, 700)
                              for command in ("bSystemStart", "bSystemStop")])
        self.assertEqual(set(trace.within("eSystemState", 600, trace.end)), {STANDBY})

    def test_a_stop_during_the_check_does_not_lose_or_double_the_product(self):
        gate = day().spans("bQualityGate", True)[3][0]
        trace = run("30min", [(gate + 0.5, "bSystemStop", "TRUE"),
                              (gate + 60, "bSystemStart", "TRUE")])
        self.assertEqual(trace.at("udiProductCount", gate + 59), 3)
        self.assertEqual(trace.at("udiProductCount", gate + 62), 4)
        self.assertEqual(trace.last("udiProductCount"),
                         len(trace.whole_spans("bQualityGate", True)))


class Speed(unittest.TestCase):

    def test_the_setpoint_is_held_within_0_and_5_and_read_back_so(self):
        written = ((60, -3, 0), (120, 9, 5), (180, -1e30, 0), (240, 1e30, 5))
        trace = run("10min", [(at, "rConveyorSpeedSetpoint", value) for at, value, _ in written])
        for at, _, effective in written:
            with self.subTest(at):
                self.assertEqual(trace.at("rConveyorSpeedSetpoint", at), effective)
                self.assertAlmostEqual(trace.at("rConveyorSpeed", at + 50), effective, delta=1e-3)
        self.assertGreaterEqual(min(trace.values["rConveyorSpeed"]), 0)
        self.assertLessEqual(max(trace.values["rConveyorSpeed"]), 5)

    def test_the_belt_ramps_up_at_0_5_and_down_at_0_8_metres_per_second_squared(self):
        trace = run("10min", [(100, "bSystemStop", "TRUE")])
        self.assertAlmostEqual(trace.at("rConveyorSpeed", 4), 1.0, delta=0.06)
        self.assertAlmostEqual(trace.at("rConveyorSpeed", 100.9), 0.7, delta=0.1)

    def test_a_faster_belt_makes_more_products(self):
        counts = [run("1h", [(0, "rConveyorSpeedSetpoint", v)]).last("udiProductCount")
                  for v in (0.5, 1.5, 5.0)]
        self.assertEqual(counts, sorted(set(counts)))

    def test_a_slow_or_standing_belt_is_no_fault(self):
        for speed, least in ((0.3, 70), (0.1, 28), (0.0, 0)):
            with self.subTest(speed):
                trace = run("3h", [(0, "rConveyorSpeedSetpoint", speed)], {"SIM_JAM_SHARE": "0.0"})
                self.assertEqual(trace.spans("eSystemState", FAULT), [])
                self.assertGreaterEqual(trace.last("udiProductCount"), least)

    def test_a_break_between_the_stations_is_no_fault(self):
        announced = day().spans("bProductSensor1", True)[2][1] + 1
        trace = run("30min", [(announced, "bSystemStop", "TRUE"),
                              (announced + 600, "bSystemStart", "TRUE")])
        self.assertEqual(trace.spans("eSystemState", FAULT), [])

    def test_a_feed_that_pauses_before_every_part_is_no_fault(self):
        trace = run("3h", (), {"SIM_JAM_SHARE": "0.0", "SIM_GAP_SHARE": "1.0"})
        self.assertEqual(trace.spans("eSystemState", FAULT), [])


class Restart(unittest.TestCase):

    def test_counters_and_the_boot_count_go_on_after_a_restart(self):
        with VirtualLine(BINARIES) as line:
            before = line.run("2h", retain=line.root / "retain")
            after = line.run("1h", retain=line.root / "retain")
        self.assertEqual((before.last("udiBootCount"), after.last("udiBootCount")), (1, 2))
        for name in ("udiProductCount", "udiRejectCount", "iRunTimeSeconds", "iDownTimeSeconds",
                     *(f"r{device}Energy" for device in (*DEVICES, "Total"))):
            with self.subTest(name):
                self.assertAlmostEqual(after.values[name][0], before.last(name), delta=0.0011)
                self.assertEqual(after.values[name], sorted(after.values[name]))
        self.assertGreater(after.last("udiProductCount"), before.last("udiProductCount") + 50)

    def test_a_restart_undoes_neither_a_stop_nor_an_emergency_stop(self):
        for command, state in (("bSystemStop", STANDBY), ("bEmergencyStop", FAULT)):
            with self.subTest(command), VirtualLine(BINARIES) as line:
                line.run("20min", [(600, command, "TRUE")], line.root / "retain")
                after = line.run("140min", retain=line.root / "retain")
                self.assertEqual(set(after.values["eSystemState"]), {state})

    def test_the_same_seed_gives_the_same_trace_byte_for_byte(self):
        with VirtualLine(BINARIES) as line:
            self.assertEqual(line.csv("2h"), line.csv("2h"))

    def test_another_seed_gives_another_course_of_events(self):
        other = run("2h", (), {"SIM_SEED": "20262"})
        self.assertNotEqual(other.times["udiProductCount"],
                            [t for t in day().times["udiProductCount"] if t < other.end])


if __name__ == "__main__":
    unittest.main()
