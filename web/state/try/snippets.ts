import type { Endpoint } from './endpoint.ts';
import { scriptText, shellWord } from './quote.ts';

/** Code to copy. */
export interface Snippet {
  /** What the code is for: `Browser`, `Node`, … */
  readonly title: string;
  /** What to know to run it. */
  readonly note: string;
  readonly code: string;
}

/** The same conversation from everywhere: opens the endpoint, sends the frames, shows what comes back. */
export function socketSnippets(endpoint: Endpoint, frames: readonly string[]): readonly Snippet[] {
  return [
    browserSnippet(endpoint, frames),
    sockjsSnippet(endpoint, frames),
    nodeSnippet(endpoint, frames),
    terminalSnippet(endpoint, frames),
    pollingSnippet(endpoint, frames),
  ];
}

function browserSnippet({ ws }: Endpoint, frames: readonly string[]): Snippet {
  return {
    title: 'Browser',
    note: 'On any page of this server; pages of other sites need --origin.',
    code: `const socket = new WebSocket(${scriptText(ws)});
socket.onmessage = ({ data }) => console.log(data);
socket.onclose = ({ code, reason }) => console.log('closed', code, reason);
socket.onopen = () => {
${sends(frames)}
};`,
  };
}

function sockjsSnippet({ http, server }: Endpoint, frames: readonly string[]): Snippet {
  return {
    title: 'SockJS',
    note: 'Where WebSocket does not get through. The script comes from this server.',
    code: `<script src="${new URL('client/sockjs.min.js', server).href}"></script>
<script>
  const socket = new SockJS(${scriptText(http)});
  socket.onmessage = ({ data }) => console.log(data);
  socket.onclose = ({ code, reason }) => console.log('closed', code, reason);
  socket.onopen = () => {
${sends(frames, '    ')}
  };
</script>`,
  };
}

function nodeSnippet({ ws }: Endpoint, frames: readonly string[]): Snippet {
  return {
    title: 'Node',
    note: 'After npm install ws. From Node 22 on it works without the import.',
    code: `import WebSocket from 'ws';

const socket = new WebSocket(${scriptText(ws)});
socket.onmessage = ({ data }) => console.log(data);
socket.onclose = ({ code, reason }) => console.log('closed', code, reason);
socket.onopen = () => {
${sends(frames)}
};`,
  };
}

function terminalSnippet({ ws }: Endpoint, [first = '']: readonly string[]): Snippet {
  return {
    title: 'Terminal',
    note: 'Says the first of it and listens for a minute. Without --wait and --execute it is a prompt to type at.',
    code: `npx wscat --connect ${shellWord(ws)} \\\n  --wait 60 --execute ${shellWord(first)}`,
  };
}

function pollingSnippet({ base, query }: Endpoint, frames: readonly string[]): Snippet {
  const request = (action: string, rest = ''): string => `curl -X POST "$session/${action}${query}"${rest}`;
  return {
    title: 'curl',
    note: 'A SockJS session by hand: one request opens it, one sends, one waits for what comes.',
    code: `session=${shellWord(`${base}/000/`)}"$(date +%s)"
${request('xhr')}
${request('xhr_send', ` \\\n  -H 'Content-Type: text/plain' --data-raw ${shellWord(JSON.stringify(frames))}`)}
${request('xhr')}`,
  };
}

function sends(frames: readonly string[], indent = '  '): string {
  return frames.map((frame) => `${indent}socket.send(${scriptText(frame)});`).join('\n');
}
