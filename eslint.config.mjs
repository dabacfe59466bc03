import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** webview -> protocol -> core (types only) <- adapters <- extension.ts */
const forbid = (patterns, message) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }],
});
const outside = ['vscode', 'node:*', 'openai', 'openai/*', 'fs', 'path', 'crypto', 'worker_threads'];

export default tseslint.config(
  { ignores: ['dist/', '.vscode-test/', 'test-results/', 'node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 350 }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/core/**'],
    rules: {
      ...forbid([...outside, '**/adapters/**', '**/webview/**', '**/protocol/**'], 'core is pure'),
      'no-restricted-globals': ['error', 'process', 'Buffer', 'window', 'document', 'require'],
    },
  },
  {
    files: ['src/protocol/**'],
    rules: forbid([...outside, '**/adapters/**', '**/webview/**'], 'protocol knows core types only'),
  },
  {
    files: ['src/webview/**'],
    rules: forbid(
      [...outside, '**/adapters/**', '**/core/**'],
      'the webview knows the protocol (which re-exports the types it needs)',
    ),
  },
  {
    files: ['src/adapters/**'],
    rules: forbid(['**/webview/**', '**/extension'], 'adapters are wired by extension.ts'),
  },
  { files: ['test/**'], rules: { '@typescript-eslint/no-floating-promises': 'off' } },
  {
    files: ['**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      parserOptions: { projectService: false },
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        fetch: 'readonly',
      },
    },
  },
  prettier,
);
