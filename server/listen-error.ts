/**
 * Says in one sentence why a server cannot listen, where Node's own words are for programs. `code` and `cause`
 * are Node's.
 */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const sentence = SENTENCES.get(error.code ?? '');
  if (sentence === undefined) return error;
  return Object.assign(new Error(sentence(host, port), { cause: error }), { code: error.code });
}

const SENTENCES = new Map<string, (host: string, port: number) => string>([
  ['EADDRINUSE', (host, port) => `Port ${port} is taken: something else listens on ${host}:${port}.`],
  ['EACCES', (_host, port) => `Port ${port} needs more rights than this user has.`],
  ['EADDRNOTAVAIL', (host) => `This machine has no address ${host} to listen on.`],
]);
