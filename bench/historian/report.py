"""What the figures of bench_historian say: tables with ratios first, and which mark is missed."""

import contextlib
import sqlite3
import statistics

from measuring import print_machine
from tables import Marks, of_part, print_rows

# The tables that hold raw samples, not yet and already folded; an index stands under its own name.
RAW_TABLES = ("hot", "chunk")
NAMES = {"latest": "latest of 1,000 points", "chart": "24-h chart of one point",
         "hours": "hour statistics, device, 30 d", "days": "day statistics, device, 1 y",
         "energy": "energy a day, 1 y", "raw": "1 h raw, one point"}


def bytes_by_table(path, is_line):
    """Pages of each table and index of our database, the share of raw samples among them."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        try:
            rows = database.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
        except sqlite3.OperationalError as error:  # A Python without SQLite's dbstat.
            return {"part": "size_tables", "error": str(error)}
    return {"part": "size_tables", "data": "line" if is_line else "synthetic",
            "tables": dict(sorted(rows, key=lambda row: -row[1])),
            "raw_bytes": sum(size for name, size in rows
                             if any(word in name for word in RAW_TABLES))}


def engines_in(figures):
    return list(dict.fromkeys(f["engine"] for f in figures))


def print_ingest(figures, marks):
    mine = of_part(figures, "ingest")
    if not mine:
        return
    rows = []
    for batch in (480, 4800):
        rounds = {engine: of_part(mine, "ingest", engine=engine, batch=batch)
                  for engine in engines_in(mine)}
        speed = {engine: statistics.median(f["per_second"] for f in of_engine)
                 for engine, of_engine in rounds.items()}
        victoria, ours = speed.get("VictoriaMetrics"), speed.get("Wattline")
        for engine, per_second in speed.items():
            mark = ""
            if engine == "Wattline" and batch == 480:
                mark = marks.check(ours >= 150_000, "ingest, batches of 480: 150k/s") + " ≥ 150k/s"
            elif engine == "Wattline" and victoria:
                mark = marks.check(ours >= victoria,
                                   "ingest, batches of 4,800: 1.0 × VictoriaMetrics") + " ≥ 1.00"
            ratio = f"{per_second / victoria:.2f}" if victoria else "–"
            whole = statistics.median(f["samples"] / (f["seconds"] + f["prepare_seconds"])
                                      for f in rounds[engine])
            syncs = sorted(f["sync_ms"] for f in rounds[engine])
            rows.append((engine, batch, ratio, f"{per_second:,.0f}", f"{whole:,.0f}",
                         f"{syncs[0]:.2f}–{syncs[-1]:.2f}", mark))
    print_rows("Ingest, 48 points at 1 Hz (Wattline: rollups, ledger, sync of each batch)",
               ("", "batch", "× VM", "samples/s", "from samples", "sync ms", ""), rows)
    print("  medians; a peer's text is made before the clock; `from samples` counts that too")
    for check in of_part(figures, "ingest_check"):
        whole = marks.check(check["written"] == check["stored"], f"{check['engine']} lost samples")
        print(f"  {check['engine']} gives back {check['stored']:,.0f} of {check['written']:,.0f} "
              f"samples: {whole}")
    for cost in of_part(figures, "ingest_cost"):
        total = cost["ledger_seconds"] + cost["batch_seconds"] + cost["upkeep_seconds"]
        print(f"  Wattline's time: ledger {cost['ledger_seconds'] / total:.0%}, batches "
              f"{cost['batch_seconds'] / total:.0%} (longest {cost['longest_batch_ms']:.0f} ms), "
              f"upkeep {cost['upkeep_seconds'] / total:.0%} (longest "
              f"{cost['longest_upkeep_ms']:.0f} ms); ledger state "
              f"{cost['ledger_state_bytes'] / 1000:.0f} kB a batch")


def print_size(figures, marks):
    for data in ("synthetic", "line"):
        mine = of_part(figures, "size", data=data)
        if not mine:
            continue
        tables = of_part(figures, "size_tables", data=data)
        rows = []
        for figure in mine:
            each = figure["bytes"] / figure["samples"]
            if figure["engine"] != "Wattline":
                rows.append((figure["engine"], f"{each:.2f}", ""))
                continue
            must = data == "line"  # The marks are for the demo line's data.
            note = marks.check(each <= 2.5, "size with rollups: 2.5 B/sample") if must else ""
            rows.append(("Wattline, with rollups and ledger", f"{each:.2f}", note + " ≤ 2.50"))
            if tables:
                raw = tables[0]["raw_bytes"] / figure["samples"]
                note = marks.check(raw <= 1.6, "size, raw: 1.6 B/sample") if must else ""
                rows.append(("Wattline, raw samples alone", f"{raw:.2f}", note + " ≤ 1.60"))
        samples = f"{mine[0]['samples']:,.0f} samples"
        print_rows(f"On disk, B/sample, {samples} ({data})", ("", "B/sample", ""), rows)
        for table in tables:
            print("  Wattline's pages: " + ", ".join(
                f"{name} {size / 1e3:,.0f} kB" for name, size in list(table["tables"].items())[:8]))


def print_queries(figures, marks):
    mine = of_part(figures, "queries")
    if not mine:
        return
    engines = engines_in(mine)
    rows = []
    for ask, name in NAMES.items():
        cells, note = [], ""
        for engine in engines:
            for figure in of_part(mine, "queries", engine=engine, ask=ask):
                cells.append(f"{figure['p50_ms']:.2f} / {figure['p99_ms']:.1f}")
                if engine == "Wattline":
                    reached = figure["p50_ms"] < 1 and figure["p99_ms"] < 20
                    note = marks.check(reached, f"{name}: p50 < 1 ms, p99 < 20 ms")
        values = {int(f["values"]) for f in of_part(mine, "queries", ask=ask)}
        rows.append((name, *cells, "–".join(str(v) for v in sorted(values)), note))
    print_rows("Queries while 10,000 samples/s come in (ten times real time): p50 / p99 ms",
               ("", *engines, "values", ""), rows)
    for writer in of_part(figures, "queries_writer"):
        print(f"  writer of {writer['engine']}: longest batch {writer['longest_batch_ms']:.0f} ms")


def print_flat(figures, marks):
    mine = of_part(figures, "flat")
    if not mine:
        return
    depths = sorted({f["days"] for f in mine})
    for engine in engines_in(mine):
        rows = []
        for ask in NAMES:
            costs = [f["p50_ms"] for f in of_part(mine, "flat", engine=engine, ask=ask)]
            rows.append((ask, *(f"{cost:.3f}" for cost in costs), f"{costs[-1] / costs[0]:.2f}"))
            if engine == "Wattline":
                # Below 0.05 ms a difference is the noise of the machine.
                marks.check(costs[-1] <= 1.5 * costs[0] + 0.05, f"flat: {ask} grows with history")
        print_rows(f"Cost of a query by days of history, {engine}: p50 ms",
                   ("", *(f"{days:.0f} d" for days in depths), "last : first"), rows)


def print_sustained(figures, marks):
    for figure in of_part(figures, "sustained"):
        print(f"\nSustained, {figure['points']:,.0f} points at 1 s in real time")
        rate = figure["samples_per_second"]
        done = marks.check(figure["late_batches"] == 0, "sustained: every batch before the next")
        print(f"  {rate:,.0f} samples/s, writer {figure['cpu_share']:.1%} of a core, batch p50 "
              f"{figure['batch_p50_ms']:.0f} ms, longest {figure['batch_longest_ms']:.0f} ms, "
              f"late {figure['late_batches']:.0f} {done}\n"
              f"  longest step of upkeep {figure['longest_upkeep_ms']:.0f} ms, write-ahead log "
              f"{figure['wal_bytes'] / 1e6:.1f} MB, file grew by "
              f"{figure['file_growth_bytes'] / 1e6:.1f} MB\n"
              f"  seconds: ledger {figure['ledger_seconds']:.1f}, batches "
              f"{figure['batch_seconds']:.1f}, upkeep {figure['upkeep_seconds']:.1f}; ledger state "
              f"{figure['ledger_state_bytes'] / 1e6:.2f} MB a batch")
    rows = []
    for before in of_part(figures, "sustained_reader", when="before"):
        during = of_part(figures, "sustained_reader", when="during", ask=before["ask"])[0]
        # "Unchanged" on a shared machine: at most a fifth and 1 ms more.
        note = marks.check(during["p99_ms"] <= 1.2 * before["p99_ms"] + 1,
                           f"sustained: the reader's p99, {before['ask']}")
        rows.append((before["ask"], f"{before['p50_ms']:.2f} / {before['p99_ms']:.1f}",
                     f"{during['p50_ms']:.2f} / {during['p99_ms']:.1f}",
                     f"{during['p99_ms'] / before['p99_ms']:.2f}", note))
    if rows:
        print_rows("Its reader: p50 / p99 ms", ("", "before", "during", "p99 ratio", ""), rows)


def print_all(facts, figures):
    """Prints the tables; whether everything was reached."""
    marks = Marks()
    print_machine(facts)
    print("; ".join(facts["versions"]))
    print("Wattline and InfluxDB sync each batch before they answer, the others write it later.")
    for show in (print_ingest, print_size, print_queries, print_flat, print_sustained):
        show(figures, marks)
    return marks.print_verdict()
