import { createReadStream, type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerSettings } from '../settings.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Encodings that the build may have made beside a file, best first. */
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
};

/** What the page and other clients of the web side must know before their first request. */
export function uiSettings(settings: ServerSettings, apiUrl: string) {
  return {
    api_url: settings.publicApiUrl ?? apiUrl,
    csrf_enabled: settings.csrf.enabled,
    auth: settings.authString ? 'BASIC' : null,
    flags: [],
    default_ui: 'v2',
    available_uis: ['v2'],
    v1_base_url: null,
    v2_base_url: settings.uiBasePath,
  };
}

/**
 * Serves the dashboard from the folder of its build: files by their exact names, and its page for every other address below the base path,
 * since the page has routes of its own. Without a build a short page says how to make one.
 */
export function serveDashboard(app: FastifyInstance, settings: ServerSettings): void {
  const base = settings.uiBasePath;
  const files = filesIn(settings.uiDirectory);
  const page = files.has('index.html')
    ? readFileSync(join(settings.uiDirectory, 'index.html'), 'utf8').replace(
        '<base href="/" />',
        `<base href="${escaped(base)}" data-api="${escaped(settings.publicApiUrl ?? settings.apiBasePath)}" />`,
      )
    : MISSING_BUILD;

  const pageHeaders = headersOf(settings.publicApiUrl);
  // Links of the page are relative to its base, which ends with a slash.
  if (base !== '/') app.get(base.slice(0, -1), (_request, reply) => reply.redirect(base, 307));
  app.get(`${base}*`, (request, reply) => {
    const address = request.url.split('?')[0] ?? '';
    if (address === settings.apiBasePath || address.startsWith(`${settings.apiBasePath}/`)) {
      reply.callNotFound();
      return reply;
    }
    const path = decodeURIComponent(address.slice(base.length));
    if (path !== 'index.html' && files.has(path)) return sendFile(request, reply, settings.uiDirectory, path, files);
    if (path.startsWith('assets/')) return notFound(reply);
    return reply.headers(pageHeaders).header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page);
  });
}

/** A page whose API is elsewhere may call it, and open its sockets. */
function headersOf(publicApiUrl: string | null): typeof SECURITY_HEADERS {
  if (publicApiUrl === null || !URL.canParse(publicApiUrl)) return SECURITY_HEADERS;
  const { origin } = new URL(publicApiUrl);
  const policy = SECURITY_HEADERS['content-security-policy'];
  return {
    ...SECURITY_HEADERS,
    'content-security-policy': `${policy}; connect-src 'self' ${origin} ${origin.replace(/^http/, 'ws')}`,
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ detail: 'Not Found' });
}

const MISSING_BUILD = `<!doctype html><html lang="en"><title>Prefect-TS</title><p>The dashboard has not been built. Run
<code>npm run build:ui</code> and start the server again.</p></html>`;

function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  directory: string,
  path: string,
  files: ReadonlySet<string>,
): FastifyReply {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const encoding = ENCODINGS.find(({ name, suffix }) => accepted.includes(name) && files.has(path + suffix));
  reply.headers(SECURITY_HEADERS).type(CONTENT_TYPES[extname(path)] ?? 'application/octet-stream');
  // Names of assets change with their content; the rest keeps its name.
  reply.header('cache-control', path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (encoding) reply.header('content-encoding', encoding.name).header('vary', 'accept-encoding');
  return reply.send(createReadStream(join(directory, path + (encoding?.suffix ?? ''))));
}

/** The files of a folder by their paths in it; only these are ever sent. */
function filesIn(directory: string): Set<string> {
  if (!existsSync(directory)) return new Set();
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const path = (entry: Dirent) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/');
  return new Set(entries.filter((entry) => entry.isFile()).map(path));
}
