/** A static host for the built page that writes down what arrives. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serve as serveFolder } from '../../scripts/server.mjs';
import { ROOT } from './data';

export interface StaticServer {
  /** Address of the folder, with a slash at its end. */
  address: string;
  /** Method and path of every request since the start or the last `forget`. */
  arrived: string[];
  forget: () => void;
  close: () => Promise<void>;
}

/** Serves `folder` (default: the built page) under the path `base`, which has a slash at both ends; port 0: a free one. */
export async function serve(folder = join(ROOT, 'www', 'dist'), base = '/', port = 0): Promise<StaticServer> {
  if (!existsSync(folder)) throw new Error(`${folder} is not built: run npm run build first`);
  const arrived: string[] = [];
  const { address, close } = await serveFolder(folder, {
    base,
    port,
    seen: ({ method, url }) => void arrived.push(`${method} ${url}`),
  });
  return { address, arrived, forget: () => void arrived.splice(0), close };
}
