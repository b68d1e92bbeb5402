type Env = Readonly<Record<string, string | undefined>>;

/** Puts credentials into a URL in the form that its host wants. */
export function withCredentials(repository: string, token: string | undefined, user: string | undefined): string {
  if (!token || !/^https?:/.test(repository)) return repository;
  const url = new URL(repository);
  const write = (name: string, password: string) => `${url.protocol}//${name}${password}@${url.host}${url.pathname}${url.search}`;
  const secret = encodeURIComponent(token);
  if (user) return write(`${encodeURIComponent(user)}:`, secret);
  if (url.host.includes('bitbucketserver')) {
    const [name = '', ...rest] = token.split(':');
    if (rest.length === 0) throw new Error('Bitbucket Server wants the token of git_clone in the form `user:token`.');
    return write(`${encodeURIComponent(name)}:`, encodeURIComponent(rest.join(':')));
  }
  if (url.host.includes('bitbucket')) return write('x-token-auth:', secret);
  if (url.host.includes('gitlab'))
    return token.includes(':') ? write('', token.split(':').map(encodeURIComponent).join(':')) : write('oauth2:', secret);
  return write('', secret);
}

/**
 * The environment that makes git use credentials for all repositories of a host, submodules too. They are in no list of processes and in
 * no file of the clone.
 */
export function gitEnvironment(env: Env, repository: string, token: string | undefined, user: string | undefined): Env {
  const own = { ...env, GIT_TERMINAL_PROMPT: '0' };
  if (!token || !/^https?:/.test(repository)) return own;
  const { protocol, host } = new URL(repository);
  const place = `${protocol}//${host}/`;
  const count = Number(env.GIT_CONFIG_COUNT ?? 0);
  return {
    ...own,
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: `url.${withCredentials(place, token, user)}.insteadOf`,
    [`GIT_CONFIG_VALUE_${count}`]: place,
  };
}

/** A URL without the name and password in it. */
export function withoutCredentials(repository: string): string {
  return repository.replace(/^(https?:\/\/)[^/@]*@/, '$1');
}
