import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` and `npm run preview` pass the API on to: a running Wattline web process.
const backend = process.env.WATTLINE_BACKEND ?? 'http://127.0.0.1:5000';
const proxy = {
  '/api': backend,
  '/auth': backend,
  '/docs-ui': backend,
  '/ws': { target: backend, ws: true },
};

export default defineConfig({
  plugins: [vue(), tailwindcss()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  // The server sends script-src 'self' and style-src 'self': nothing may be inlined as data:.
  build: { target: 'es2022', assetsInlineLimit: 0, manifest: true },
  server: { proxy },
  preview: { proxy },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
