import { connect, type Socket } from 'node:net';
import type { BlockValues } from './block-values.ts';
import { type NotificationMessage, shortened } from './message.ts';
import type { NetworkGuard } from './network-guard.ts';

/** The slug of the block type whose notifications are e-mails by SMTP. */
export const EMAIL = 'smtp-email';

const PORTS: Readonly<Record<string, number>> = { starttls: 587, tls: 465, none: 25 };

/**
 * Sends a notification as an e-mail.
 *
 * @returns what the mail server said.
 */
export async function sendEmail(
  block: BlockValues,
  { subject, body, id }: NotificationMessage,
  { guard, signal, seconds }: { readonly guard: NetworkGuard; readonly signal: AbortSignal; readonly seconds: number },
): Promise<string> {
  const { createTransport } = await import('nodemailer');
  const host = block.text('smtp_host');
  const security = block.optional('security') ?? 'starttls';
  const port = block.number('smtp_port', PORTS[security] ?? 587);
  const user = block.optional('username');
  const from = block.text('from_address');
  const connection = await connected(host, port, guard, signal);
  const limit = seconds * 1000;
  const transport = createTransport({
    host,
    port,
    getSocket: (_options, callback) => callback(null, { connection }),
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { servername: host, rejectUnauthorized: block.flag('verify', true) },
    ...(user === null ? {} : { auth: { user, pass: block.optional('password') ?? '' } }),
    connectionTimeout: limit,
    greetingTimeout: limit,
    socketTimeout: limit,
  });
  const abort = () => connection.destroy(new Error('No answer within the time that there was.'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    const { response } = await transport.sendMail({
      from,
      to: block.texts('to_addresses'),
      subject: shortened(subject.replaceAll(/\s+/g, ' '), 900),
      text: body,
      messageId: `<${id}@${from.split('@').at(-1)?.replace('>', '') ?? 'prefect'}>`,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return response;
  } finally {
    signal.removeEventListener('abort', abort);
    transport.close();
    connection.destroy();
  }
}

/** A connection to a server that one may call. */
function connected(host: string, port: number, guard: NetworkGuard, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    guard.checkHost(host);
    const socket = connect({ host, port, lookup: guard.lookup });
    const abort = () => socket.destroy(new Error('No connection within the time that there was.'));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', reject);
      try {
        guard.checkConnection(socket);
        resolve(socket);
      } catch (refusal) {
        socket.destroy();
        reject(refusal);
      }
    });
  });
}
