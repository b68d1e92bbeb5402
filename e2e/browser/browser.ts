import { existsSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where a Chromium may be; `CHROMIUM` names another. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? PLACES.find(existsSync);
  if (!executablePath) throw new Error('No Chromium was found: install one, or name it with the environment variable CHROMIUM.');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** A step that takes longer than this has failed, and says which one it was. */
const ACTION_MS = 15_000;

/** Resolves when the page hears of changes as they happen. */
export async function isLive(page: Page): Promise<void> {
  await page.getByRole('note').filter({ hasText: 'Live' }).waitFor();
}

export interface VisitOptions {
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
}

/** A page of the dashboard with all that it should not do written down. */
export class Visit {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #problems: string[] = [];
  /** API requests in the order in which they were made, as `METHOD /path`. */
  readonly apiRequests: string[] = [];

  private constructor(context: BrowserContext, page: Page, origin: string) {
    this.#context = context;
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.#problems.push(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin) this.#problems.push(`request to ${url.origin}`);
      else if (url.pathname.startsWith('/api/')) this.apiRequests.push(`${request.method()} ${url.pathname.slice(4)}`);
    });
  }

  static async open(browser: Browser, origin: string, path: string, options: VisitOptions = {}): Promise<Visit> {
    const { theme = 'light', width = 1280, height = 800 } = options;
    const context = await browser.newContext({ baseURL: origin, colorScheme: theme, viewport: { width, height } });
    context.setDefaultTimeout(ACTION_MS);
    const visit = new Visit(context, await context.newPage(), origin);
    await visit.page.goto(path);
    return visit;
  }

  /** What went wrong so far: console errors, uncaught exceptions, requests to elsewhere. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** How many pixels the page is wider than its window. */
  async sidewaysScroll(): Promise<number> {
    return this.page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - innerWidth)');
  }

  /** The accessibility rules that the page breaks, each with the first place. */
  async accessibilityViolations(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    return violations.map(
      (violation) => `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
