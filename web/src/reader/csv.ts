/** Cells as CSV text (RFC 4180, comma, `\n`). */

/** One cell: dates as ISO 8601 in UTC, objects as JSON, null as nothing. */
export function csvCell(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return '';
    default:
      if (value === null) return '';
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
      return quoted(
        JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? '',
      );
  }
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows `from` to `to` (exclusive) of columns as CSV lines; a column that is null is left empty. */
export function csvRows(columns: (ArrayLike<unknown> | null)[], from: number, to: number): string {
  const lines: string[] = [];
  for (let row = from; row < to; row++) {
    lines.push(columns.map((column) => (column ? csvCell(column[row]) : '')).join(','));
  }
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}
