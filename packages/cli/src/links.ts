import type { Session } from './session.ts';

/** Address of a page of the dashboard; `undefined` when its address is not known. */
export async function dashboardLink(session: Session, path: string): Promise<string | undefined> {
  const base = (await session.settings()).get('PREFECT_UI_URL');
  return base ? `${base.replace(/\/$/, '')}${path}` : undefined;
}

/** A deep link is opened in the browser of the person. */
export async function openInBrowser(url: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const [program = 'xdg-open', ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  await new Promise<void>((resolve) => {
    const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
    // Without a browser the address that was printed is enough.
    child.on('error', () => resolve());
    child.on('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
