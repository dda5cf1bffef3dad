/** What the build puts into the inlined package: base64 of gzip. */
declare module '#inlined' {
  /** The CPU engine's wasm file. */
  export const ENGINE: string;
  /** The script of its worker. */
  export const WORKER: string;
  /** The script of the reader of `.zip` and Parquet. */
  export const READER: string;
}
