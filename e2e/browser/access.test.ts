import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { aServerProcess, type ServerProcess } from '../server-process.ts';
import { isLive, launchBrowser, Visit } from './browser.ts';

let browser: Browser;
let server: ServerProcess | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterEach(async () => {
  await server?.remove();
  server = undefined;
});
afterAll(() => browser.close());

it('a server with a password asks for it over the page, and the page goes on with it', async () => {
  const environment = { PREFECT_SERVER_API_AUTH_STRING: 'me:sécret' };
  server = await aServerProcess({ environment });
  await server.start();
  const visit = await Visit.open(browser, server.url, '/work-pools');
  const { page } = visit;
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.waitFor();
  expect(await visit.accessibilityViolations()).toEqual([]);
  const signIn = async (password: string) => {
    await dialog.getByLabel('User').fill('me');
    await dialog.getByLabel('Password').fill(password);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
  };
  await signIn('wrong');
  await dialog.getByRole('alert').waitFor();
  await signIn('sécret');
  await page.getByRole('heading', { name: 'No work pools yet' }).waitFor();
  await dialog.waitFor({ state: 'hidden' });
  await page.goto(`${server.url}/dashboard`);
  await isLive(page);
  await visit.close();
});

it('a dashboard on a sub-path finds its files, its API and its socket', async () => {
  const environment = { PREFECT_UI_SERVE_BASE: '/tools/prefect', PREFECT_SERVER_API_BASE_PATH: '/elsewhere/api' };
  server = await aServerProcess({ environment });
  await server.start();
  const visit = await Visit.open(browser, server.url, '/tools/prefect');
  await visit.page.waitForURL('**/tools/prefect/dashboard');
  await isLive(visit.page);
  await visit.page.getByRole('link', { name: 'Work pools' }).first().click();
  await visit.page.getByRole('heading', { name: 'No work pools yet' }).waitFor();
  expect(visit.page.url()).toBe(`${server.url}/tools/prefect/work-pools`);
  expect(visit.problems).toEqual([]);
  await visit.close();
});
