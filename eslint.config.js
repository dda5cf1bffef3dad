// One configuration for all packages: the page and the package in TypeScript with type information, scripts in plain Node.
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './www/svelte.config.js';

export default ts.config(
  { ignores: ['tests/packages/.work/', '**/dist/', '**/node_modules/', '**/target/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.svelte', '**/*.svelte.ts'],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: {
      globals: { ...globals.browser, ...globals.worker },
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      // A callback that returns a promise nobody waits for is what event handlers are.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      // An interface may ask for a promise where there is nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // What TypeScript checks itself.
      'no-undef': 'off',
    },
  },
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // What a component imports from another has no type here; svelte-check, which knows it, checks these.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: globals.node },
  },
  {
    // For browsers too old for what the page is written in.
    files: ['www/public/*.js'],
    languageOptions: { globals: { ...globals.browser, ...globals.builtin }, ecmaVersion: 5, sourceType: 'script' },
    rules: { 'no-unused-vars': ['error', { caughtErrors: 'none' }] },
  },
  {
    // Functions in these run in the browser.
    files: ['tests/**/*.mjs'],
    languageOptions: { globals: globals.browser },
  },
);
