"""What the figures of the web service say: one row a mark, then what stands behind it."""

import statistics

from measuring import print_machine
from tables import Marks, of_part


def median(figures, key):
    return statistics.median(figure[key] for figure in figures)


def spread(values, form="{:.1f}"):
    return f"{form.format(min(values))}–{form.format(max(values))}"


class Verdicts(Marks):
    def judge(self, reached, text):
        return "reached" if self.check(reached, text) == "ok" else "missed"


def labelled(figures, label):
    return of_part(figures, "requests", label=label)


def behind_requests(mine):
    return (f"{median(mine, 'per_second'):,.0f}/s by the clock, {median(mine, 'cpu_us'):.0f} µs of "
            f"CPU each, p50/p99 {median(mine, 'p50_ms'):.1f}/{median(mine, 'p99_ms'):.1f} ms, "
            f"{median(mine, 'bytes'):.0f} B")


def current_rows(figures, marks):
    ours = labelled(figures, "Wattline")
    if not ours:
        return
    wrong = sum(figure["wrong"] for figure in figures if figure["part"] == "requests")
    for label in ("Wattline", "Flask, sync workers", "Flask, threads", "Flask from SQLite",
                  "nginx, a file"):
        mine = labelled(figures, label)
        yield (f"/current, requests a second of a core: {label}",
               f"{median(mine, 'per_core_second'):,.0f}", "", "", behind_requests(mine))
    flask = max(("Flask, sync workers", "Flask, threads"),
                key=lambda label: median(labelled(figures, label), "per_core_second"))
    for label, mark in ((flask, 12), ("Flask from SQLite", 0), ("nginx, a file", 0)):
        ratios = [a["per_core_second"] / b["per_core_second"]
                  for a, b in zip(ours, labelled(figures, label))]
        ratio = statistics.median(ratios)
        verdict = marks.judge(ratio >= mark and wrong == 0, f"/current: {mark} × Flask")
        yield (f"  Wattline : {label}", f"{ratio:.2f} ×", f"≥ {mark} ×" if mark else "",
               verdict if mark else "", f"rounds {spread(ratios, '{:.2f}')}")


def history_rows(figures, marks):
    for label in ("each once a second", "without a pause"):
        mine = labelled(figures, f"history, {label}")
        if not mine:
            continue
        p99 = median(mine, "p99_ms")
        wrong = sum(figure["wrong"] for figure in mine)
        judged = label == "each once a second"
        verdict = marks.judge(p99 < 30 and wrong == 0, "history: p99 30 ms") if judged else ""
        yield (f"history of 24 h, 50 clients {label}, p99 ms", f"{p99:.1f}",
               "< 30" if judged else "", verdict,
               f"rounds {spread([f['p99_ms'] for f in mine])}, p50 {median(mine, 'p50_ms'):.1f}, "
               f"{median(mine, 'per_second'):,.0f}/s, {median(mine, 'cpu_us') / 1000:.1f} ms of "
               f"CPU each, {median(mine, 'bytes') / 1000:.0f} kB gzip, {wrong:.0f} not 200")
    for figure in of_part(figures, "ingest"):
        yield (f"  writer beside it: a batch of {figure['samples_a_batch']:.0f}, p50 ms",
               f"{figure['p50_ms']:.1f}", "", "",
               f"{figure['batches']:.0f} batches, longest {figure['longest_ms']:.0f} ms")


def push_rows(figures, marks):
    for figure in of_part(figures, "push"):
        expected = figure["lines"] * figure["clients"]
        whole = figure["lost"] == 0 and figure["frames"] >= 0.99 * expected
        verdict = marks.judge(figure["p99_ms"] < 250 and whole, "push: p99 250 ms")
        yield (f"{figure['clients']:,.0f} WebSockets, a line a second: at the client, p99 ms",
               f"{figure['p99_ms']:.0f}", "< 250", verdict,
               f"p50 {figure['p50_ms']:.0f}, longest {figure['longest_ms']:.0f}, "
               f"{figure['frames']:,.0f} frames, {figure['lost']:.0f} lost; all joined in "
               f"{figure['joined_in_s']:.1f} s")
        grown = figure["bytes_a_client"] / 1024
        yield ("  resident memory a client, KiB", f"{grown:.1f}", "< 16",
               marks.judge(grown < 16, "push: 16 KiB a client"), "")
        yield ("  CPU a broadcast, ms", f"{figure['cpu_ms_a_line']:.0f}", "", "",
               f"{figure['line_bytes']:.0f} B a line; the clients took "
               f"{100 * figure['client_share']:.0f} % of the other core")


def stalled_rows(figures, marks):
    mine = of_part(figures, "stalled")
    if not mine:
        return
    both = {phase: of_part(mine, "stalled", phase=phase) for phase in ("all read", "one stalled")}
    calm, rough = (median(both[phase], "p99_ms") for phase in both)
    lost = sum(figure["lost"] for figure in mine)
    # "Nothing" on a shared machine: at most a fifth and 1 ms more.
    same = rough <= 1.2 * calm + 1 and lost == 0
    yield ("49 clients beside a stalled one, p99 ms", f"{rough:.1f}", f"as {calm:.1f}",
           marks.judge(same, "stalled: the others' p99"),
           f"rounds {spread([f['p99_ms'] for f in both['one stalled']])}, without it "
           f"{spread([f['p99_ms'] for f in both['all read']])}; "
           f"p50 {median(both['one stalled'], 'p50_ms'):.1f} and "
           f"{median(both['all read'], 'p50_ms'):.1f}; {lost:.0f} of the others lost, the stalled "
           f"one cut {sum(f['cut'] for f in mine):.0f} times")


def login_rows(figures, marks):
    for figure in of_part(figures, "logins"):
        storm = figure["phase"] == "storm"
        name = "under 50 bad sign-ins a second" if storm else "in calm"
        let_in = figure["let_in"] == figure["logins"]
        api_ok = figure["api_ok"] == figure["api"]
        verdicts = ("", "")
        if storm:
            verdicts = (marks.judge(figure["login_p95_ms"] < 2000 and let_in, "logins: p95 2 s"),
                        marks.judge(figure["api_p99_ms"] < 200 and api_ok, "logins: API p99"))
        yield (f"valid sign-in from elsewhere, {name}, p95 ms", f"{figure['login_p95_ms']:.0f}",
               "< 2000" if storm else "", verdicts[0],
               f"{figure['let_in']:.0f} of {figure['logins']:.0f} let in, p50 "
               f"{figure['login_p50_ms']:.0f}, longest {figure['login_longest_ms']:.0f}")
        yield (f"  API, {name}, p99 ms", f"{figure['api_p99_ms']:.1f}", "< 200" if storm else "",
               verdicts[1], f"{figure['api_ok']:.0f} of {figure['api']:.0f} answered, p50 "
               f"{figure['api_p50_ms']:.1f}, longest {figure['api_longest_ms']:.0f}")
    for figure in of_part(figures, "storm"):
        statuses = ", ".join(f"{count:.0f} × {key[7:]}" for key, count in figure.items()
                             if key.startswith("status_"))
        yield ("  the storm, answers", f"{figure['asked']:.0f}", "", "",
               f"{statuses}; the web process took {100 * figure['cpu_share']:.0f} % of a core")


def memory_rows(figures, marks):
    mine = of_part(figures, "soak")
    if not mine:
        return
    first, last = mine[0], mine[-1]
    growth = last["rss_mb"] - first["rss_mb"]
    wrong = of_part(figures, "soak_wrong")
    flat = growth < max(2, 0.03 * first["rss_mb"]) and not wrong
    yield (f"memory, growth over {last['requests'] - first['requests']:,.0f} requests, MB",
           f"{growth:+.1f}", "< 2 or 3 %", marks.judge(flat, "memory: flat"),
           ", ".join(f"{f['rss_mb']:.1f}" for f in mine) + f" MB; {last['visits']:,.0f} WebSockets "
           f"came and went, {last['requests'] / last['seconds']:,.0f} requests/s"
           + "".join(f"; UNEXPECTED {f['what']} × {f['count']:.0f}" for f in wrong))


def broken_rows(figures, marks):
    for figure in of_part(figures, "broken"):
        yield (f"{figure['name']} broke off", "", "",
               marks.judge(False, f"{figure['name']} broke off"), figure["why"].splitlines()[0])


def print_all(facts, figures):
    """Prints name, value, mark, verdict and what stands behind it; whether all was reached."""
    marks = Verdicts()
    print_machine(facts)
    print("; ".join(facts["versions"]))
    rows = [row for rows_of in (current_rows, history_rows, push_rows, stalled_rows, login_rows,
                                memory_rows, broken_rows) for row in rows_of(figures, marks)]
    width = max(len(row[0]) for row in rows)
    print()
    for name, value, mark, verdict, behind in rows:
        print(f"{name:<{width}}  {value:>9}  {mark:>10}  {verdict:<7}  {behind}".rstrip())
    return marks.print_verdict()
