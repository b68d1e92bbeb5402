import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A mail as a mail server got it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  /** What the sender said who he is, `user:password`. */
  readonly login: string | null;
}

export interface TestMailServer {
  readonly port: number;
  /** The next mail that arrives. */
  next(): Promise<ReceivedMail>;
  /** Answers the next mails with these replies instead of taking them. */
  refuse(...replies: string[]): void;
  close(): Promise<void>;
}

/** Starts an SMTP server that takes every mail, in the clear. */
export async function startMailServer(): Promise<TestMailServer> {
  const mails: ReceivedMail[] = [];
  const takers: ((mail: ReceivedMail) => void)[] = [];
  const refusals: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    speak(socket, {
      refusal: () => refusals.shift(),
      deliver: (mail) => {
        const taker = takers.shift();
        if (taker) taker(mail);
        else mails.push(mail);
      },
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    next: () => {
      const mail = mails.shift();
      return mail ? Promise.resolve(mail) : new Promise((resolve) => takers.push(resolve));
    },
    refuse: (...replies) => refusals.push(...replies),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Office {
  refusal(): string | undefined;
  deliver(mail: ReceivedMail): void;
}

function speak(socket: Socket, office: Office): void {
  let [buffer, from, login, inData]: [string, string, string | null, boolean] = ['', '', null, false];
  const to: string[] = [];
  const say = (text: string) => socket.write(`${text}\r\n`);
  const hear = (line: string): void => {
    const [word = ''] = line.toUpperCase().split(' ');
    if (word === 'EHLO') say('250-localhost\r\n250 AUTH PLAIN');
    else if (word === 'AUTH') {
      login = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .split('\0')
        .slice(1)
        .join(':');
      say('235 welcome');
    } else if (word === 'MAIL') {
      from = /<(.*)>/.exec(line)?.[1] ?? '';
      say('250 ok');
    } else if (word === 'RCPT') {
      to.push(/<(.*)>/.exec(line)?.[1] ?? '');
      say('250 ok');
    } else if (word === 'DATA') {
      inData = true;
      say('354 go on');
    } else if (word === 'QUIT') socket.end('221 bye\r\n');
    else say('502 what');
  };
  socket.on('data', (chunk) => {
    buffer += String(chunk);
    for (;;) {
      const mark = inData ? '\r\n.\r\n' : '\r\n';
      const end = buffer.indexOf(mark);
      if (end < 0) return;
      const text = buffer.slice(0, end);
      buffer = buffer.slice(end + mark.length);
      if (!inData) {
        hear(text);
        continue;
      }
      inData = false;
      const refusal = office.refusal();
      say(refusal ?? '250 taken');
      if (!refusal) office.deliver({ from, to: [...to], text, login });
    }
  });
  say('220 localhost ready');
}
