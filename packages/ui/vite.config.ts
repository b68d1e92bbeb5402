import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressFiles } from './compress-files.ts';

/** Where `npm run dev` finds a server: PREFECT_UI_DEV_SERVER, by default one on this machine. */
const server = process.env.PREFECT_UI_DEV_SERVER ?? 'http://127.0.0.1:4200';

export default defineConfig({
  // Relative to the <base href> that the server writes, so that one build works under every prefix.
  base: './',
  plugins: [react(), tailwindcss(), compressFiles()],
  // theme.js runs before everything else, which a module cannot; Vite leaves it as it is and says so.
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // Few files: what several pages share is one, and what only some of them load late stays by itself.
        codeSplitting: {
          groups: [
            { name: 'markdown', test: /markdown|dompurify|linkify|mdurl|entities|uc\.micro|punycode/, priority: 2 },
            { name: 'events', test: /src\/(automations|events|api\/(event|automation)-queries)/, minShareCount: 2, priority: 2 },
            { name: 'shared', minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: server, ws: true } } },
});
