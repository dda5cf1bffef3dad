import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

import { DriftscopeError, failure } from '../error.js';
import { csvRows } from './csv.js';
import type { OpenArgs, Piece } from './requests.js';

/** Rows that become one piece of text. */
const PIECE_ROWS = 16_384;

/**
 * A Parquet file as CSV text with a header, one row group at a time. Columns that are not wanted stay empty and are not
 * decoded.
 */
export async function* parquetPieces({
  name,
  blob,
  columns,
  rows,
}: Extract<OpenArgs, { container: 'parquet' }>): AsyncGenerator<Piece> {
  const file: AsyncBuffer = { byteLength: blob.size, slice: (start, end) => blob.slice(start, end).arrayBuffer() };
  try {
    const metadata = await parquetMetadataAsync(file);
    const names = flatColumns(name, metadata);
    const encoder = new TextEncoder();
    yield {
      bytes: encoder.encode(
        csvRows(
          names.map((column) => [column]),
          0,
          1,
        ),
      ),
      used: 0,
    };
    const scan = await parquetScan({ file, metadata, compressors });
    for (const { rowStart, rowEnd: groupEnd } of scan.ranges) {
      const rowEnd = Math.min(groupEnd, rows ?? Infinity);
      if (rowEnd <= rowStart) return;
      const cells: (ArrayLike<unknown> | null)[] = [];
      for (const [index, column] of names.entries()) {
        const wanted = columns === null || columns.includes(index);
        cells.push(wanted ? await scan.readColumn({ column, rowStart, rowEnd }) : null);
      }
      for (let from = 0; from < rowEnd - rowStart; from += PIECE_ROWS) {
        const to = Math.min(from + PIECE_ROWS, rowEnd - rowStart);
        const share = (rowStart + to) / Math.max(1, Number(metadata.num_rows));
        yield { bytes: encoder.encode(csvRows(cells, from, to)), used: Math.round(share * blob.size) };
      }
    }
  } catch (thrown) {
    if (thrown instanceof DriftscopeError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw failure('damaged', `${name}: the Parquet file is damaged, cut off or of an unknown kind: ${reason}`, {
      place: { file: name, line: null, column: null },
    });
  }
}

/** Names of the columns; a nested one ends the reading. */
function flatColumns(name: string, metadata: FileMetaData): string[] {
  return parquetSchema(metadata).children.map(({ element, children }, index) => {
    if (children.length > 0 || element.repetition_type === 'REPEATED') {
      const hint = `column ${element.name} is nested (a list, map or struct); write it out as plain columns, or leave it out`;
      throw failure('unreadable', `${name}: this cannot be read as a log: ${hint}`, {
        place: { file: name, line: null, column: index + 1 },
        hint,
      });
    }
    return element.name;
  });
}
