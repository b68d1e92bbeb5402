import { describe, expect, it } from 'vitest';
import { inProcessBus } from './bus.ts';
import { ChangeFeed } from './change-feed.ts';

function aFeed(serverId = 'a') {
  const bus = inProcessBus((error) => {
    throw error;
  });
  const feed = new ChangeFeed(bus, serverId);
  return { feed, change: (...ids: string[]) => bus.publish('changed', { kind: 'flow-run', ids }) };
}

describe('the feed of changes', () => {
  it('tells what came after a position, in order', () => {
    const { feed, change } = aFeed();
    change('1');
    const seen = feed.position;
    change('2', '3');
    expect(feed.since(seen)?.map(({ id }) => id)).toEqual(['2', '3']);
    expect(feed.since(feed.position)).toEqual([]);
  });

  it('knows nothing of positions of another server, of the future, or of no sense', () => {
    const { feed } = aFeed('a');
    const other = aFeed('b');
    other.change('1');
    expect(feed.since(other.feed.position)).toBeUndefined();
    expect(feed.since('a:7')).toBeUndefined();
    expect(feed.since('nonsense')).toBeUndefined();
  });

  it('forgets what is long ago', () => {
    const { feed, change } = aFeed();
    const begin = feed.position;
    for (let index = 0; index < 10_000; index++) change(String(index));
    expect(feed.since(begin)).toBeUndefined();
    expect(feed.since('a:9999')).toHaveLength(1);
  });

  it('tells what came in the last while, unless that is more than it kept', () => {
    const { feed, change } = aFeed();
    expect(feed.recent(60_000)).toEqual([]);
    change('1', '2');
    expect(feed.recent(60_000)?.map(({ id }) => id)).toEqual(['1', '2']);
    expect(feed.recent(-1)).toEqual([]);
    for (let index = 0; index < 10_000; index++) change(String(index));
    expect(feed.recent(60_000)).toBeUndefined();
  });

  it('tells whoever listens, until they leave', () => {
    const { feed, change } = aFeed();
    const heard: string[] = [];
    const stop = feed.subscribe((changes) => heard.push(...changes.map(({ id }) => id)));
    change('1');
    stop();
    change('2');
    expect(heard).toEqual(['1']);
  });
});
