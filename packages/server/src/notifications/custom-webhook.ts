import { isJsonObject } from '../json/exact-json.ts';
import { type BlockValues, InvalidBlockError } from './block-values.ts';
import type { OutgoingRequest } from './http-request.ts';
import type { NotificationMessage } from './message.ts';

/** The request that a custom webhook describes, its `{{ placeholders }}` filled with the message and the block's secrets. */
export function customWebhookRequest(block: BlockValues, { subject, body }: NotificationMessage): OutgoingRequest {
  const fill = filler({ ...block.textsByName('secrets'), subject, body, name: block.text('name') });
  const [jsonData, formData] = [block.raw('json_data'), block.raw('form_data')];
  if (jsonData !== null && formData !== null) throw new InvalidBlockError("Only one of 'json_data' and 'form_data' can be sent.");

  const url = new URL(asUrl(fill(block.text('url')) as string));
  for (const [key, value] of texts(fill(block.textsByName('params')))) url.searchParams.append(key, value);
  const headers = Object.fromEntries(texts(fill(block.textsByName('headers'))));
  const cookies = texts(fill(block.textsByName('cookies'))).map(([key, value]) => `${key}=${value}`);
  const content = contentOf(fill(jsonData), fill(formData));
  return {
    method: block.optional('method') ?? 'POST',
    url: url.href,
    headers: { ...content?.headers, ...headers, ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}) },
    body: content?.body ?? null,
  };
}

function asUrl(text: string): string {
  if (!URL.canParse(text)) throw new InvalidBlockError("'url' is not a URL.");
  return text;
}

function contentOf(
  jsonData: unknown,
  formData: unknown,
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } | undefined {
  if (jsonData !== null) return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(jsonData) };
  if (typeof formData === 'string') return { headers: {}, body: formData };
  if (!isJsonObject(formData)) return undefined;
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(texts(formData)).toString(),
  };
}

function texts(value: unknown): [string, string][] {
  return Object.entries(value as Record<string, unknown>).map(([key, item]) => [
    key,
    typeof item === 'string' ? item : JSON.stringify(item),
  ]);
}

/** Fills names in braces, in keys and values at any depth; what is not known stays as it is. */
function filler(values: Readonly<Record<string, string>>): (value: unknown) => unknown {
  const fillText = (text: string) =>
    text.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (placeholder, name: string) =>
      Object.hasOwn(values, name) ? (values[name] ?? '') : placeholder,
    );
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return fillText(value);
    if (Array.isArray(value)) return value.map(fill);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [fillText(key), fill(item)]));
  };
  return fill;
}
