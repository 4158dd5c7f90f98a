// Tables of a page as CSV, in the form of the API's own: UTF-8 with BOM, commas, CRLF.

export type CsvCell = string | number | null;

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toCsv(head: readonly string[], rows: readonly (readonly CsvCell[])[]): Blob {
  const lines = [head, ...rows].map((row) => row.map(cell).join(','));
  return new Blob(['\ufeff', lines.join('\r\n'), '\r\n'], { type: 'text/csv;charset=utf-8' });
}
