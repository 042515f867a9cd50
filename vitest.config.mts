import path from 'node:path';
import { defineConfig } from 'vitest/config';

const venv = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];

export default defineConfig({
  test: {
    passWithNoTests: false,
    // The interpreter with torch for tests that start the helper; `npm test` gives the one of the set-up.
    env: {
      LAYER_PEEK_PYTHON: process.env.LAYER_PEEK_PYTHON ?? path.join(import.meta.dirname, '.cache', 'venv', ...venv),
    },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'lsp', include: ['test/lsp/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'ui',
          include: ['test/ui/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
