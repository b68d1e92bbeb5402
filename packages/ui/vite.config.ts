import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds a server: PREFECT_UI_DEV_SERVER, by default one on this machine. */
const server = process.env.PREFECT_UI_DEV_SERVER ?? 'http://127.0.0.1:4200';

export default defineConfig({
  // Relative to the <base href> that the server writes, so that one build works under every prefix.
  base: './',
  plugins: [react(), tailwindcss()],
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
  server: { proxy: { '/api': { target: server, ws: true } } },
});
