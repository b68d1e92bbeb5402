import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ControlChannel, type ControlLink } from './control-channel.ts';

const HELLO = Buffer.from([0x00, 0x50, 0x46, 0x02, 0x01]);

let channel: ControlChannel;
let link: ControlLink;
let child: Socket;
beforeEach(async () => {
  channel = await ControlChannel.open();
  link = channel.admit();
  child = connect(Number(link.env.PREFECT__CONTROL_PORT), '127.0.0.1');
  await once(child, 'connect');
});
afterEach(() => {
  child.destroy();
  channel.close();
});

async function sayHello(): Promise<void> {
  child.write(`${link.env.PREFECT__CONTROL_TOKEN}\n`);
  child.write(HELLO);
  const [answer] = await once(child, 'data');
  expect(answer).toEqual(HELLO);
}

function receipt(content: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(content));
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeUInt32BE(text.length, 1);
  return Buffer.concat([head, text]);
}

const REPORTED = { disposition: 'STATE_REPORTED', state_id: 's', state_type: 'COMPLETED', state_name: 'Completed' };

describe('ControlChannel', () => {
  test('delivers an intent and hears that it was taken', async () => {
    await sayHello();
    const sent = link.send('cancel');
    const [byte] = await once(child, 'data');
    expect(byte.toString()).toBe('c');
    child.write('a');
    expect(await sent).toBe(true);
  });

  test('serves a child of the first version, which says no hello', async () => {
    child.write(`${link.env.PREFECT__CONTROL_TOKEN}\n`);
    await sayNothingUntilRead();
    const sent = link.send('relinquish');
    const [byte] = await once(child, 'data');
    expect(byte.toString()).toBe('q');
    child.write('a');
    expect(await sent).toBe(true);
  });

  /** The token is read when a second, unknown client that came later has been turned away. */
  async function sayNothingUntilRead(): Promise<void> {
    const stranger = connect(Number(link.env.PREFECT__CONTROL_PORT), '127.0.0.1');
    stranger.write('nobody\n');
    stranger.resume();
    await once(stranger, 'close');
  }

  test('takes a receipt that comes in pieces', async () => {
    await sayHello();
    const bytes = receipt(REPORTED);
    child.write(bytes.subarray(0, 7));
    child.write(bytes.subarray(7));
    const [answer] = await once(child, 'data');
    expect(answer).toEqual(Buffer.from([2]));
    expect(link.receipt).toEqual(REPORTED);
    expect(await link.send('cancel')).toBe(false);
  });

  test('does not take a receipt after an intent', async () => {
    await sayHello();
    const sent = link.send('cancel');
    await once(child, 'data');
    child.write(Buffer.concat([receipt(REPORTED), Buffer.from('a')]));
    expect(await sent).toBe(true);
    expect(link.receipt).toBeUndefined();
  });

  test('cannot deliver to a child that is gone', async () => {
    await sayHello();
    const sent = link.send('cancel');
    child.destroy();
    expect(await sent).toBe(false);
  });

  test('cannot deliver to a child that never came', async () => {
    expect(await channel.admit().send('cancel')).toBe(false);
  });

  test('turns away who has no token', async () => {
    child.write('wrong\n');
    child.resume();
    await once(child, 'close');
    expect(await link.send('cancel')).toBe(false);
  });
});
