import { describe, expect, it } from 'vitest';
import { satisfied } from './node-modules.mjs';

const WANTED = {
  '': { name: 'workspace' },
  web: { version: '0.1.0' },
  'node_modules/driftscope': { resolved: 'web', link: true },
  'node_modules/vite': { version: '8.0.0' },
  'node_modules/vite/node_modules/picomatch': { version: '4.0.0' },
  'node_modules/@esbuild/aix-ppc64': { version: '0.28.2', optional: true },
};
const INSTALLED = {
  'node_modules/driftscope': { resolved: 'web', link: true },
  'node_modules/vite': { version: '8.0.0' },
  'node_modules/vite/node_modules/picomatch': { version: '4.0.0' },
};
const without = (path) => Object.fromEntries(Object.entries(INSTALLED).filter(([name]) => name !== path));

describe('the npm packages', () => {
  it('are there when all of the lock file are, but those for other systems and the workspaces', () => {
    expect(satisfied(WANTED, INSTALLED)).toBe(true);
    expect(satisfied(WANTED, without('node_modules/driftscope'))).toBe(true);
  });

  it('are not when one is missing, also inside another', () => {
    expect(satisfied(WANTED, {})).toBe(false);
    expect(satisfied(WANTED, without('node_modules/vite/node_modules/picomatch'))).toBe(false);
  });

  it('are not when one has another version', () => {
    expect(satisfied(WANTED, { ...INSTALLED, 'node_modules/vite': { version: '7.9.0' } })).toBe(false);
  });
});
