import { describe, expect, it } from 'vitest';
import { reportAsMarkdown } from './markdown.ts';
import { checked, found, reported } from './test/reported.ts';

describe('a report for people', () => {
  it('begins with what came of it, and ends with every check', () => {
    expect(reportAsMarkdown(reported())).toMatchInlineSnapshot(`
      "# Connection report for https://rooms.example/

      **Everything gets through.** WebSocket works, and a message is back after 1.3 ms.

      - Examined: 2026-09-21T14:13:20.000Z, in 900 ms
      - By: Chromium 141

      ## Settings that suit this network

      All is well.

      - Transports: websocket, xhr-streaming
      - Sign of life: every 25000 ms

      ## Checks

      | Check | Outcome | Time | |
      | --- | --- | ---: | --- |
      | About reach | passed | 12 ms | A sentence. |
      | About websocket | passed | 12 ms | A sentence. |
      "
    `);
  });

  it('says of each finding what was seen and what everybody can do', () => {
    const finding = found('upgrade-removed', 'Something removes the Upgrade header');
    const text = reportAsMarkdown(
      reported({
        findings: [
          {
            ...finding,
            evidence: ['It arrived without.'],
            remedy: { ...finding.remedy, nginx: 'proxy_http_version 1.1;' },
          },
        ],
      }),
    );
    expect(text).toContain('## Something removes the Upgrade header\n\n- It arrived without.\n');
    expect(text).toContain('**For the IT department:** upgrade-removed, IT\n');
    expect(text).toContain('nginx:\n\n```\nproxy_http_version 1.1;\n```');
    expect(text).not.toContain('haproxy:');
  });

  it('keeps what a report says in its place', () => {
    const check = { ...checked('odd', 'fail'), detail: 'a | b\n# c' };
    expect(reportAsMarkdown(reported({ checks: [check] }))).toContain(
      '| About odd | **failed** | 12 ms | a \\| b # c |',
    );
  });
});
