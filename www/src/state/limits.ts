/** What this browser, or this address, holds back, though the page works without it. What it cannot do without: `check.js`. */
import { hasAdapter } from 'driftscope';
import { canPack, canStore } from '../project/storage';

export type Limit = 'insecure' | 'packing' | 'files' | 'webgpu';

export async function limits(): Promise<Limit[]> {
  // All the others but one follow from it.
  if (!isSecureContext) return typeof CompressionStream === 'function' ? ['insecure'] : ['insecure', 'packing'];
  const found: Limit[] = [];
  if (!canPack()) found.push('packing');
  else if (!canStore()) found.push('files');
  if (!(await hasAdapter())) found.push('webgpu');
  return found;
}
