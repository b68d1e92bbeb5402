import { type ContractOperation, contract } from '@prefect-ts/protocol/contract';
import type { FastifyInstance } from 'fastify';
import type { ServerSettings } from '../settings.ts';

/** Serves the contract document, for programs at `/openapi.json` and for people at `/docs`, outside and below the API. */
export function serveApiDocuments(app: FastifyInstance, { apiBasePath }: ServerSettings): void {
  const document = { ...contract, info: { title: 'Prefect REST API', version: '0.1.0' } };
  for (const base of ['', apiBasePath]) {
    app.get(`${base}/openapi.json`, () => document);
    for (const path of ['docs', 'redoc'])
      app.get(`${base}/${path}`, (_request, reply) =>
        reply
          .type('text/html; charset=utf-8')
          .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
          .send(documentationPage(apiBasePath)),
      );
  }
}

/** One plain page: every operation by its group, with what it takes and answers; no script, nothing loaded from elsewhere. */
function documentationPage(apiBasePath: string): string {
  const groups = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(contract.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const group = operation.tags?.[0] ?? 'Other';
      groups.set(group, [...(groups.get(group) ?? []), operationEntry(method, apiBasePath + path, operation)]);
    }
  const sections = [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([group, entries]) => `<h2>${escaped(group)}</h2>${entries.join('')}`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>API</title><style>
    body { font: 14px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
    code, pre { font-family: ui-monospace, monospace } summary { cursor: pointer; padding: .25rem 0 }
    .method { display: inline-block; width: 4.5rem; font-weight: 600 } pre { overflow: auto; padding: .75rem; border: 1px solid #8884; border-radius: 6px }
    </style></head><body><h1>REST API</h1>
    <p>Every operation of this server. The same as a document for programs: <a href="openapi.json">openapi.json</a>.</p>
    ${sections.join('')}</body></html>`;
}

function operationEntry(method: string, path: string, operation: ContractOperation): string {
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const status = Object.keys(operation.responses).find((code) => code.startsWith('2')) ?? '200';
  const answer = operation.responses[status]?.content?.['application/json']?.schema;
  const parameters = (operation.parameters ?? []).map(
    ({ name, in: place }) => `<li><code>${escaped(name)}</code> in ${place}</li>`,
  );
  return `<details><summary><span class="method">${method.toUpperCase()}</span><code>${escaped(path)}</code></summary>
    ${parameters.length > 0 ? `<ul>${parameters.join('')}</ul>` : ''}
    ${body ? `<p>Body</p><pre>${schemaText(body)}</pre>` : ''}
    <p>Answer ${status}</p>${answer ? `<pre>${schemaText(answer)}</pre>` : ''}</details>`;
}

function schemaText(schema: unknown): string {
  return escaped(JSON.stringify(schema, null, 2));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
