import { describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { useDashboard } from './dashboard.ts';
import { HOSTILE_MARKDOWN } from './seed.ts';

const dashboard = useDashboard();

describe('blocks', () => {
  it('are made from the catalogue, changed without their secrets, and deleted', async () => {
    const visit = await dashboard.open('/blocks');
    const { page } = visit;
    await page.getByRole('heading', { name: 'No blocks yet' }).waitFor();
    await page.getByRole('button', { name: 'Add a block' }).click();
    await page.getByLabel('Search the types of blocks').fill('webhook');
    await page.getByRole('link', { name: 'Webhook', exact: true }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await visit.accessibilityViolations(), `catalogue, ${colorScheme}`).toEqual([]);
    }
    await page.getByRole('link', { name: 'Webhook', exact: true }).click();
    await page.getByLabel('Block name').fill('alerts');
    await page.getByRole('button', { name: 'Save the block' }).click();
    await page.getByText('A value is needed').waitFor();
    await page.getByLabel('url', { exact: true }).fill('https://hooks.example/secret-path');
    expect(await visit.accessibilityViolations()).toEqual([]);
    await page.getByRole('button', { name: 'Save the block' }).click();
    await page.getByRole('heading', { level: 1, name: 'alerts' }).waitFor();
    expect(await page.content()).not.toContain('secret-path');
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await page.getByRole('button', { name: 'Edit' }).click();
    expect(await page.getByLabel('url', { exact: true }).inputValue()).toBe('');
    await page.getByRole('button', { name: 'POST method' }).click();
    await page.getByRole('option', { name: 'PUT' }).click();
    await page.getByRole('button', { name: 'Save the block' }).click();
    await page.getByRole('definition').filter({ hasText: 'PUT' }).waitFor();
    const { body } = await dashboard.server.request<{ data: object }>('GET', `/block_documents/${id}?include_secrets=true`);
    expect(body.data).toMatchObject({ method: 'PUT', url: 'https://hooks.example/secret-path' });
    for (const width of [375, 768, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await visit.sidewaysScroll(), `${width} px`).toBe(0);
    }
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete the block' }).click();
    await page.getByRole('heading', { name: 'No blocks yet' }).waitFor();
    expect(visit.problems).toEqual([]);
  });

  it('refer to other blocks, and an edit keeps that', async () => {
    const type = await call(dashboard.server, 'POST /block_types/', { name: 'Store', slug: 'store' });
    const secretType = await call(dashboard.server, 'GET /block_types/slug/{slug}', undefined, { slug: 'secret' });
    const [secretSchema] = await call(dashboard.server, 'POST /block_schemas/filter', {
      block_schemas: { block_type_id: { any_: [secretType.id] } },
    });
    const child = await call(dashboard.server, 'POST /block_documents/', {
      name: 'store-key',
      data: { value: 'shh' },
      block_type_id: secretType.id,
      block_schema_id: secretSchema?.id ?? '',
    });
    await call(dashboard.server, 'POST /block_schemas/', {
      block_type_id: type.id,
      fields: {
        title: 'Store',
        type: 'object',
        block_type_slug: 'store',
        required: ['key'],
        properties: {
          key: { title: 'Key', $ref: '#/definitions/Secret' },
          folder: { title: 'Folder', type: 'string', default: '/' },
        },
        definitions: { Secret: secretSchema?.fields ?? {} },
        block_schema_references: { key: { block_type_slug: 'secret', block_schema_checksum: secretSchema?.checksum } },
        secret_fields: ['key.value'],
      },
    });
    const { page, problems } = await dashboard.open('/blocks/catalog/store/create');
    await page.getByLabel('Block name').fill('lake');
    await page.getByRole('button', { name: /Choose a block/ }).click();
    await page.getByRole('option', { name: 'store-key' }).click();
    await page.getByRole('button', { name: 'Save the block' }).click();
    await page.getByRole('link', { name: 'store-key' }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('folder', { exact: true }).fill('/data');
    await page.getByRole('button', { name: 'Save the block' }).click();
    await page.getByText('/data').waitFor();
    await page.getByRole('link', { name: 'store-key' }).waitFor();
    const saved = await call(dashboard.server, 'GET /block_documents/{id}', undefined, { id });
    expect(saved.block_document_references).toMatchObject({ key: { block_document: { id: child.id } } });
    expect(problems).toEqual([]);
  });

  it('that are not there say so', async () => {
    const { page } = await dashboard.open('/blocks/block/00000000-0000-4000-8000-000000000000');
    await page.getByRole('heading', { name: 'There is no such block' }).waitFor();
  });
});

describe('artifacts', () => {
  const aTable = (amount: number) =>
    call(dashboard.server, 'POST /artifacts/', {
      key: 'daily',
      type: 'table',
      data: JSON.stringify(Array.from({ length: 30 }, (_, day) => ({ day, amount: (day * amount) % 31, note: '=1+1' }))),
      flow_run_id: dashboard.seeded.failedRunId,
    });

  it('are listed by key and kind', async () => {
    await aTable(7);
    const visit = await dashboard.open('/artifacts');
    const { page } = visit;
    await page.getByRole('link', { name: 'summary' }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await visit.accessibilityViolations(), colorScheme).toEqual([]);
    }
    await page.getByRole('button', { name: 'Every kind Kind' }).click();
    await page.getByRole('option', { name: 'Tables' }).click();
    await page.getByRole('link', { name: 'summary' }).waitFor({ state: 'detached' });
    await page.waitForURL(/kind=table/);
    await page.getByRole('link', { name: 'daily' }).waitFor();
    expect(visit.problems).toEqual([]);
  });

  it('have a history under their key, and one address each', async () => {
    const old = await aTable(3);
    await aTable(5);
    const visit = await dashboard.open('/artifacts/key/daily');
    const { page } = visit;
    const history = page.getByRole('region', { name: 'History' });
    await history.getByText(', the newest').waitFor();
    expect(await history.getByRole('listitem').count()).toBeGreaterThanOrEqual(2);
    await page.getByRole('button', { name: 'amount' }).click();
    await page.getByRole('columnheader', { name: 'amount' }).and(page.locator('[aria-sort=ascending]')).waitFor();
    await page.getByLabel('Search the table').fill('nothing');
    await page.getByText('No row holds “nothing”.').waitFor();
    expect(await visit.accessibilityViolations()).toEqual([]);
    for (const width of [375, 768, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await visit.sidewaysScroll(), `${width} px`).toBe(0);
    }
    await page.goto(`/artifacts/artifact/${old.id}`);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete the artifact' }).click();
    await page.getByRole('heading', { level: 1, name: 'Artifacts' }).waitFor();
    expect((await dashboard.server.request('GET', `/artifacts/${old.id}`)).status).toBe(404);
    expect(visit.problems).toEqual([]);
  });

  it('of hostile text do nothing', async () => {
    const { id } = await call(dashboard.server, 'POST /artifacts/', {
      key: 'hostile',
      type: 'markdown',
      data: HOSTILE_MARKDOWN,
      description: HOSTILE_MARKDOWN,
    });
    const visit = await dashboard.open(`/artifacts/artifact/${id}`);
    await visit.page.getByRole('heading', { name: 'Summary' }).first().waitFor();
    await visit.page.getByRole('link', { name: 'site' }).first().waitFor();
    expect(await visit.page.evaluate('window.hacked')).toBeUndefined();
    expect(visit.problems).toEqual([]);
  });

  it('that are not there say so', async () => {
    const { page } = await dashboard.open('/artifacts/artifact/00000000-0000-4000-8000-000000000000');
    await page.getByRole('heading', { name: 'There is no such artifact' }).waitFor();
    await page.goto('/artifacts/key/none-such');
    await page.getByRole('heading', { name: 'Nothing was left under “none-such”' }).waitFor();
  });
});
