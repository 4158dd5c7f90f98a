// What a part hands back is a list of rows; this prints them and knows which mark was missed.
//
// A row: {part, name, value, mark, reached, behind, figures}. Without `reached` it is not judged: a
// peer, or what stands behind another row. `figures` are the single measurements, for --json.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const spread = (values, digits = 0) =>
  `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;

const missed = (rows) => rows.filter(({ reached }) => reached === false);

export const verdictOf = (rows) => missed(rows).length === 0;

const word = ({ reached }) => (reached === undefined ? "" : reached ? "reached" : "missed");

export function printTable(facts, rows) {
  console.log(`commit ${facts.commit}, ${facts.cores} cores (${facts.processor}), load ${facts.load.toFixed(1)}`);
  console.log(`${facts.browser}, Node ${facts.node}\n`);
  const cells = [
    ["figure", "measured", "mark", "", ""],
    ...rows.map((row) => [row.name, row.value ?? "", row.mark ?? "", word(row), row.behind ?? ""]),
  ];
  const width = [0, 1, 2, 3].map((column) => Math.max(...cells.map((line) => line[column].length)));
  for (const [name, value, mark, verdict, behind] of cells) {
    const line = [name.padEnd(width[0]), value.padStart(width[1]), mark.padStart(width[2])];
    console.log([...line, verdict.padEnd(width[3]), behind].join("  ").trimEnd());
  }
  const names = missed(rows).map(({ name }) => name.trim());
  console.log(names.length ? `\nMISSED: ${names.join("; ")}` : "\nall marks reached");
}
