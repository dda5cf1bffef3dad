/** Entry of the reader worker: turns `.zip` entries and Parquet files into bytes of text. */
import { type PortLike, serve } from '../worker/serve.js';
import { readerHandlers } from './handlers.js';
import type { ReaderRequests } from './requests.js';

serve<ReaderRequests>(globalThis as unknown as PortLike, readerHandlers());
