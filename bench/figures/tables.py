"""What benchmarks print: tables of figures, and which mark is missed."""


class Marks:
    """Collects what must be reached and was not."""

    def __init__(self):
        self.missed = []

    def check(self, reached, text):
        if not reached:
            self.missed.append(text)
        return "ok" if reached else "MISSED"

    def print_verdict(self):
        """The last line; whether everything was reached."""
        print("\nMISSED: " + "; ".join(self.missed) if self.missed else "\nall marks reached")
        return not self.missed


def of_part(figures, part, **wanted):
    return [f for f in figures if f["part"] == part
            and all(f.get(key) == value for key, value in wanted.items())]


def print_rows(title, head, rows):
    print(f"\n{title}")
    rows = [head, *rows]
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(head))]
    for row in rows:
        print("  " + "  ".join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))).rstrip())
