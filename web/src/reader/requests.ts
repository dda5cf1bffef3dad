/** What the reader of containers is asked: a worker that turns `.zip` entries and Parquet files into bytes of text. */

/** A file inside an archive. */
export interface ZipEntry {
  /** Path inside the archive. */
  path: string;
  /** Uncompressed size in bytes, as the archive says. */
  size: number;
}

/** What to open as a stream of bytes. */
export type OpenArgs =
  | { container: 'zip'; name: string; blob: Blob; path: string }
  /** `columns`: numbers of the columns to read, the others stay empty; null: all. `rows`: stop after so many. */
  | { container: 'parquet'; name: string; blob: Blob; columns: number[] | null; rows: number | null };

/** The reader's requests. */
export type ReaderRequests = {
  zipEntries: { args: { name: string; blob: Blob }; result: ZipEntry[] };
  /** Gives the number of a stream. */
  open: { args: OpenArgs; result: number };
  /** The next bytes, and how many bytes of the file were used up so far; null at the end. */
  next: { args: { stream: number }; result: Piece | null };
  close: { args: { stream: number }; result: null };
};

/** Some bytes of text, and how many bytes of the file on disk were used up so far. */
export interface Piece {
  bytes: Uint8Array;
  used: number;
}
