"""What the figures of the collector say: one row a mark, then what stands behind it."""

import statistics

from measuring import print_machine
from tables import Marks, of_part


def median(figures, key):
    return statistics.median(figure[key] for figure in figures)


def spread(figures, key, form):
    values = sorted(figure[key] for figure in figures)
    return f"{form(values[0])}–{form(values[-1])}"


def thousands(value):
    return f"{value / 1000:,.0f}k"


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def path_rows(figures, marks):
    for way, name in (("batch", "clean + spool + batch"), ("database", "the same + database")):
        mine = of_part(figures, "path", way=way)
        if not mine:
            continue
        speed = median(mine, "per_core_second")
        total = sum(median(mine, key)
                    for key in ("core_seconds", "forward_seconds", "database_seconds"))
        parts = ", ".join(f"{part} {median(mine, f'{part}_seconds') / total:.0%}"
                          for part in ("core", "forward", "database") if
                          median(mine, f"{part}_seconds") > 0.01 * total)
        verdict = marks.check(speed >= 100_000, f"{name}: 100k/s") if way == "batch" else ""
        yield (f"{name}, samples/s of one core", thousands(speed),
               spread(mine, "per_core_second", thousands),
               "≥ 100k" if way == "batch" else "", verdict)
        yield (f"  by the clock, syncs of every 200 ms included; {parts}",
               thousands(median(mine, "per_second")), spread(mine, "per_second", thousands), "", "")


def queue_rows(figures, _):
    mine = of_part(figures, "queues")
    names = list(dict.fromkeys(figure["queue"] for figure in mine))
    for name in names:
        rounds = of_part(mine, "queues", queue=name)
        ours = of_part(mine, "queues", queue=names[0])
        ratio = statistics.median(a["per_second"] / b["per_second"]
                                  for a, b in zip(rounds, ours))
        yield (f"queue on disk: {name}, samples/s", thousands(median(rounds, "per_second")),
               f"{thousands(median(rounds, 'per_core_second'))} of a core, "
               f"{median(rounds, 'bytes_a_sample'):.1f} B/sample", f"× {ratio:.2f}", "")


def rule_rows(figures, marks):
    for weather in ("quiet", "chatter"):
        mine = of_part(figures, "rules", weather=weather)
        if not mine:
            continue
        extra = [100 * (figure["with_share"] - figure["without_share"]) for figure in mine]
        cost = statistics.median(extra)
        yield (f"10,000 rules over 100k samples/s, {weather}, % of a core", f"{cost:.1f}",
               f"{min(extra):.1f}–{max(extra):.1f}; without rules "
               f"{100 * median(mine, 'without_share'):.0f}", "< 20",
               marks.check(cost < 20, f"rules, {weather}: 20 % of a core"))
    if mine := of_part(figures, "rules"):
        yield ("  one rule changed, all 10,000 read anew: the core waits, ms",
               f"{median(mine, 'change_ms'):.0f}",
               spread(mine, "change_ms", lambda value: f"{value:.0f}"), "", "")


def flood_rows(figures, marks):
    for figure in of_part(figures, "flood"):
        yield ("10,000 alarms in one tick: rows in the database", f"{figure['alarms']:,.0f}",
               f"after {figure['virtual_seconds']:.0f} s with the counting of 3; CPU s: core "
               f"{figure['core_seconds']:.2f}, spool {figure['forward_seconds']:.2f}, database "
               f"{figure['database_seconds']:.2f}", "10,000",
               marks.check(figure["alarms"] == 10_000, "flood: all stored"))
    for figure in of_part(figures, "mail"):
        yield (f"letters a minute a rule, {figure['minutes']:.0f} min of storm",
               f"{figure['most_a_minute_a_rule']:.0f}",
               f"{figure['letters']:.0f} letters, at most {figure['most_letters_a_minute']:.0f} "
               f"in a minute, for {figure['wishes_told']:,.0f} annunciations", "≤ 1",
               marks.check(figure["most_a_minute_a_rule"] == 1, "mail: one a minute a rule"))


def restart_rows(figures, marks):
    mine = of_part(figures, "restart")
    cases = list(dict.fromkeys((f["spool"], f["end"], f["database"]) for f in mine))
    size = sum(f["spool_bytes"] for f in of_part(figures, "backlog")[:1]) / 1e9
    for spool, end, database in cases:
        rounds = of_part(mine, "restart", spool=spool, end=end, database=database)
        seconds = median(rounds, "seconds")
        name = f"spool of {size:.1f} GB" if spool == "full" else "empty spool"
        yield (f"restart, {name}, after {end}, database {database}: first value, s",
               f"{seconds:.2f}", spread(rounds, "seconds", lambda value: f"{value:.2f}")
               + f", peak {median(rounds, 'peak_mb'):.0f} MB", "< 2",
               marks.check(seconds < 2, f"restart, {name}, {end}, database {database}: 2 s"))


def drain_rows(figures, marks):
    for figure in of_part(figures, "drain"):
        database = figure["database"]
        yield (f"drain into {database}, samples/s", thousands(figure["per_second"]),
               f"{figure['samples'] / 1e6:.1f} M in {figure['seconds']:.0f} s, "
               f"{100 * figure['cpu_share']:.0f} % of a core, peak {figure['peak_mb']:.0f} MB, "
               f"{'all drained' if figure['drained'] else 'not at its end'}", "≥ 50k",
               marks.check(figure["per_second"] >= 50_000, f"drain into {database}: 50k/s"))
        yield (f"  in order ({database})", "yes" if figure["in_order"] else "no", "", "yes",
               marks.check(figure["in_order"], f"drain into {database}: in order"))
        worst = max(figure["lags"])
        yield (f"  lag of live values meanwhile ({database}), longest, s", f"{worst:.2f}",
               f"p50 {percentile(figure['lags'], 0.5):.2f}, "
               f"p99 {percentile(figure['lags'], 0.99):.2f}, n = {len(figure['lags'])}", "< 2",
               marks.check(worst < 2, f"drain into {database}: live lag 2 s"))


def outage_rows(figures, marks):
    for figure in of_part(figures, "outage")[-1:]:
        rate, each = figure["samples_per_second"], figure["bytes_a_sample"]
        needed = 72 * 3600 * 100 * each / 1e6
        capacity = figure["capacity_bytes"] / 1e6
        whole = needed <= capacity and figure["records_lost"] == 0
        yield ("72 h of outage at 100 samples/s, MB of spool", f"{needed:.0f}",
               f"{each:.2f} B/sample, {figure['lines']:.0f} demo lines, {rate:.0f} samples/s, "
               f"{figure['hours']:.0f} h, records dropped {figure['records_lost']:.0f}",
               f"≤ {capacity:.0f}", marks.check(whole, "outage: 72 h at 100 samples/s"))


def day_rows(figures, marks):
    """SQLite's page cache (16 MB at most) fills for a day; the 24 hours behind that are judged."""
    mine = of_part(figures, "day")
    if len(mine) < 25:
        return
    first, last = mine[-25], mine[-1]
    growth = last["rss_mb"] - first["rss_mb"]
    hours = [figure for figure in mine if figure["hour"] % 12 == 0 or figure["hour"] == 2]
    flat = growth < 8 and growth < 0.05 * first["rss_mb"]
    yield (f"memory, growth from hour {first['hour']:.0f} to hour {last['hour']:.0f}, MB",
           f"{growth:+.1f}",
           ", ".join(f"hour {f['hour']:.0f}: {f['rss_mb']:.1f}" for f in hours), "< 5 %, < 8",
           marks.check(flat, "memory: flat over the day"))
    yield ("  of it SQLite, most of that its page cache, MB", f"{last['sqlite_mb']:.1f}",
           ", ".join(f"hour {f['hour']:.0f}: {f['sqlite_mb']:.1f}" for f in hours), "", "")
    yield ("  in use of the heap, MB", f"{last['heap_mb']:.1f}",
           ", ".join(f"hour {f['hour']:.0f}: {f['heap_mb']:.1f}" for f in hours)
           + f"; {last['samples'] / 1e6:.1f} M samples, {last['alarm_rows']:.0f} alarm rows, "
             f"{last['chunks']:.0f} chunks", "", "")


def print_all(facts, figures):
    """Prints name, median, mark, verdict and what stands behind it; whether all was reached."""
    marks = Marks()
    print_machine(facts)
    rows = [row for rows_of in (path_rows, queue_rows, rule_rows, flood_rows, restart_rows,
                                drain_rows, outage_rows, day_rows)
            for row in rows_of(figures, marks)]
    width = max(len(row[0]) for row in rows)
    print()
    for name, value, behind, mark, verdict in rows:
        print(f"{name:<{width}}  {value:>8}  {mark:>10}  {verdict:<6}  {behind}".rstrip())
    return marks.print_verdict()
