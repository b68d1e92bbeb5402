import { describe, expect, test } from 'vitest';
import { withCredentials } from './git-credentials.ts';

describe('withCredentials', () => {
  test.each([
    ['https://github.com/a/b.git', 't/k', undefined, 'https://t%2Fk@github.com/a/b.git'],
    ['https://github.com/a/b.git', 'tk', 'ann', 'https://ann:tk@github.com/a/b.git'],
    ['https://gitlab.com/a/b', 'tk', undefined, 'https://oauth2:tk@gitlab.com/a/b'],
    ['https://gitlab.com/a/b', 'user:tk', undefined, 'https://user:tk@gitlab.com/a/b'],
    ['https://bitbucket.org/a/b', 'tk', undefined, 'https://x-token-auth:tk@bitbucket.org/a/b'],
    ['https://bitbucketserver.example.org/a/b', 'u:tk', undefined, 'https://u:tk@bitbucketserver.example.org/a/b'],
    ['git@github.com:a/b.git', 'tk', undefined, 'git@github.com:a/b.git'],
    ['https://github.com/a/b', undefined, undefined, 'https://github.com/a/b'],
  ])('%s with %s and %s', (url, token, user, expected) => {
    expect(withCredentials(url, token, user)).toBe(expected);
  });

  test('a token for Bitbucket Server names its user', () => {
    expect(() => withCredentials('https://bitbucketserver.example.org/a/b', 'tk', undefined)).toThrow(/user:token/);
  });
});
