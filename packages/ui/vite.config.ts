import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressFiles } from './compress-files.ts';

/** Where `npm run dev` finds a server: PREFECT_UI_DEV_SERVER, by default one on this machine. */
const server = process.env.PREFECT_UI_DEV_SERVER ?? 'http://127.0.0.1:4200';

/** Asked for only by pages that have a form to fill in. */
const FORMS = /src\/(schema-form|schedules|job-template)\/|widgets\/(form-|disclosure)/;
/** What only the pages of events and automations share, so that the others do not load it. */
const EVENTS = /src\/(automations|events)\/|src\/api\/(event|automation)-queries/;

/** What only the pages of single runs share. */
const RUN_DETAILS = /src\/(logs|timeline|artifacts)\//;

const LATE = [FORMS, EVENTS, RUN_DETAILS];

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
          includeDependenciesRecursively: false,
          groups: [
            {
              name: 'markdown',
              test: /node_modules\/(markdown-it|dompurify|linkify-it|mdurl|entities|uc\.micro|punycode)/,
              priority: 3,
            },
            { name: 'shared', test: (id) => !LATE.some((late) => late.test(id)), minShareCount: 2, priority: 2 },
            { name: 'events', test: EVENTS, minShareCount: 2, priority: 1 },
            { name: 'forms', test: FORMS, minShareCount: 2 },
            { name: 'run-details', test: RUN_DETAILS, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: server, ws: true } } },
});
