/**
 * Proves that the linter still barks: a later override replaces an earlier one whole, so a rule can fall
 * silent without anybody noticing. Each plant below must be reported by its rule, each clean file by none.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRoot } from './root.mjs';
import { runNode } from './run-program.mjs';

/** Imports that a file in this place must not make. */
const FORBIDDEN_IMPORTS = {
  'protocol/a.ts': ['node:fs', '../client/index.ts', 'ws'],
  'client/a.ts': ['node:fs', 'lit', 'ws', '../server/index.ts', '../web/main.ts'],
  'client/node.ts': ['express', 'sockjs-client', '../server/index.ts'],
  'server/create-server.ts': ['../web/main.ts', '../client/index.ts', './cli/help.ts', './main.ts'],
  'server/main.ts': ['./hub/hub.ts', 'express'],
  'server/cli/a.ts': ['../hub/hub.ts', '../transports/wires.ts', '../../doctor/checks/a.ts', 'ws'],
  'server/compat/state-rooms/a.ts': [
    '../../hub/hub.ts',
    '../../create-server.ts',
    '../../gateways/x/x.ts',
    'ws',
  ],
  'server/telemetry/a.ts': ['../hub/hub.ts', '../../protocol/rooms.ts'],
  'server/connection/a.ts': ['../hub/hub.ts', '../gateways/gateway.ts', '../options.ts', 'ws'],
  'server/hub/a.ts': [
    '../gateways/gateway.ts',
    '../engines/memory/memory-engine.ts',
    '../transports/wires.ts',
    '../http/app.ts',
    '../../web/main.ts',
    'express',
  ],
  'server/engines/x/a.ts': ['../../hub/hub.ts', '../../hub/room.ts', '../../gateways/gateway.ts'],
  'server/gateways/x/a.ts': [
    '../y/y.ts',
    '../../transports/wires.ts',
    '../../engines/memory/memory-engine.ts',
    '../../http/app.ts',
    '../../create-server.ts',
    'ws',
  ],
  'server/gateways/services/a.ts': ['../../transports/wires.ts', '../rooms/a.ts', '../../create-server.ts'],
  'server/services/a.ts': ['../hub/hub.ts', '../gateways/gateway.ts', '../create-server.ts', 'express'],
  'server/transports/a.ts': [
    '../hub/hub.ts',
    '../gateways/rooms/rooms-gateway.ts',
    '../http/app.ts',
    'express',
  ],
  'server/http/a.ts': [
    '../gateways/gateway.ts',
    '../engines/memory/memory-engine.ts',
    '../create-server.ts',
    'ws',
  ],
  'doctor/a.ts': [
    'node:fs',
    'ws',
    '../server/index.ts',
    '../web/main.ts',
    '../client/client.ts',
    './test/a.ts',
  ],
  'doctor/checks/a.ts': ['node:fs', '../../server/index.ts', '../../client/rooms/a.ts'],
  'doctor/node.ts': ['express', 'undici', '../server/index.ts', '../client/client.ts'],
  'compat/a.ts': ['../server/index.ts', '../client/node.ts', 'node:fs', 'sockjs'],
  'web/a.ts': ['../server/index.ts', 'node:fs', 'sockjs-client'],
  'web/components/a.ts': ['../pages/a.ts', '../../server/index.ts', 'node:fs'],
  'web/state/a.ts': ['../components/a.ts', '../pages/a.ts', '../../server/index.ts', 'node:fs'],
  'e2e/a.ts': ['../server/index.ts', '../client/index.ts', '../web/main.ts'],
  'bench/a.ts': ['../server/index.ts', '../client/index.ts', '../web/main.ts'],
  'lab/a.ts': ['../server/index.ts', '../client/index.ts', '../protocol/a.ts', 'ws'],
  'soak/a.ts': ['../server/index.ts', '../web/main.ts', '../client/test/setup.ts'],
};

/** Imports that it may make. */
const ALLOWED_IMPORTS = {
  'protocol/b.ts': ['./a.ts'],
  'client/rooms/b.ts': ['./a.ts', '../a.ts', '../../protocol/a.ts'],
  'client/node/b.ts': ['node:fs', 'ws', '../../protocol/a.ts'],
  'server/b.ts': [
    './hub/a.ts',
    './gateways/x/a.ts',
    './transports/a.ts',
    './http/a.ts',
    '../protocol/a.ts',
    'node:http',
  ],
  'server/cli/b.ts': [
    './a.ts',
    '../../doctor/a.ts',
    '../create-server.ts',
    '../options.ts',
    'json5',
    'node:fs/promises',
  ],
  'server/compat/state-rooms/b.ts': ['./a.ts', '../../index.ts', '../../../protocol/a.ts', 'node:http'],
  'server/connection/b.ts': ['./a.ts', '../../protocol/a.ts', '../telemetry/a.ts'],
  'server/hub/b.ts': ['./a.ts', '../../protocol/a.ts', '../telemetry/a.ts', 'node:crypto'],
  'server/engines/x/b.ts': [
    './a.ts',
    '../../hub/engine.ts',
    '../../hub/publication.ts',
    '../../../protocol/a.ts',
  ],
  'server/gateways/x/b.ts': [
    './a.ts',
    '../gateway.ts',
    '../../hub/a.ts',
    '../../connection/a.ts',
    '../../../protocol/a.ts',
  ],
  'server/gateways/services/b.ts': ['./a.ts', '../gateway.ts', '../../services/a.ts', '../../hub/a.ts'],
  'server/services/b.ts': ['./a.ts', '../log.ts', 'node:vm'],
  'server/transports/b.ts': [
    './a.ts',
    '../connection/a.ts',
    '../gateways/gateway.ts',
    '../../protocol/a.ts',
    'ws',
  ],
  'server/http/b.ts': ['./a.ts', '../hub/a.ts', '../options.ts', 'express', 'helmet'],
  'doctor/b.ts': ['./a.ts', './checks/a.ts', '../client/types.ts', '../client/transports/a.ts'],
  'doctor/checks/b.ts': ['./a.ts', '../a.ts', '../../client/clock.ts', '../../protocol/a.ts'],
  'doctor/node-b.ts': ['node:tls', 'ws', './a.ts', '../client/node/a.ts'],
  'compat/b.ts': ['./a.ts', '../server/compat/a.ts', '../client/compat/a.ts'],
  'web/components/b.ts': [
    './a.ts',
    '../state/a.ts',
    '../../client/a.ts',
    '../../protocol/a.ts',
    'lit',
    'lit/decorators.js',
  ],
  'web/pages/b.ts': ['../components/a.ts', '../state/a.ts', 'lit'],
  'e2e/b.ts': ['./a.ts', '../protocol/a.ts', '@playwright/test', 'node:fs'],
  'lab/real/b.ts': ['../environment.ts', '../programs/a.ts', '../../tools/proxies.mjs', 'node:net'],
  'soak/b.ts': ['./a.ts', '../protocol/a.ts', '../client/client.ts', 'ws', 'node:fs'],
  'server/hub/b.test.ts': ['../gateways/gateway.ts', '../create-server.ts', 'vitest'],
};

/** Other mistakes that the rules are there for. */
const MISTAKES = [
  ['eslint(eqeqeq)', 'server/hub/c.ts', 'export const same = (a: unknown, b: unknown) => a == b;\n'],
  ['eslint(no-console)', 'server/hub/d.ts', "console.log('hello');\n"],
  ['import(no-default-export)', 'server/hub/e.ts', 'export default 1;\n'],
  ['node(no-process-env)', 'server/hub/f.ts', "export const home = process.env['HOME'];\n"],
  ['typescript(no-explicit-any)', 'server/hub/g.ts', 'export const anything = (a: any) => a;\n'],
  [
    'typescript(no-floating-promises)',
    'server/hub/h.ts',
    'const later = async () => 1;\nlater();\nexport { later };\n',
  ],
  [
    'typescript(switch-exhaustiveness-check)',
    'server/hub/i.ts',
    "export function pick(a: 'x' | 'y'): number {\n  switch (a) {\n    case 'x':\n      return 1;\n  }\n  return 2;\n}\n",
  ],
  [
    'import(no-cycle)',
    'server/hub/j.ts',
    "import { k } from './k.ts';\nexport const j = (): unknown => k;\n",
  ],
  [
    'import(no-cycle)',
    'server/hub/k.ts',
    "import { j } from './j.ts';\nexport const k = (): unknown => j;\n",
  ],
  [
    'lit(no-legacy-template-syntax)',
    'web/c.ts',
    "import { html } from 'lit';\nexport const page = () => html`<p on-click=${() => {}}></p>`;\n",
  ],
  [
    'wc(no-self-class)',
    'web/d.ts',
    "export class RpD extends HTMLElement {\n  connectedCallback(): void {\n    this.classList.add('x');\n  }\n}\n",
  ],
];

const COMPILER_OPTIONS = {
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  module: 'nodenext',
  target: 'es2023',
  lib: ['es2023', 'dom'],
  types: ['node'],
};

/** Lints the plants; answers with one result per mistake and per clean file: `{ name, failure? }`. */
export async function runLintCanary() {
  const planted = [
    ...Object.entries(FORBIDDEN_IMPORTS).map(([path, imports]) => ({
      path,
      text: imports.map(importLine).join(''),
    })),
    ...MISTAKES.map(([, path, text]) => ({ path, text })),
  ];
  const clean = Object.entries(ALLOWED_IMPORTS).map(([path, imports]) => ({
    path,
    text: imports.map(importLine).join(''),
  }));
  const reports = await lint([...planted, ...clean]);
  const expectReport = (name, rule, path, line) => {
    const isReported = reports.some(
      (report) => report.path === path && report.rule === rule && (line ?? report.line) === report.line,
    );
    return isReported ? { name } : { name, failure: `oxlint does not report ${name}` };
  };
  return [
    ...Object.entries(FORBIDDEN_IMPORTS).flatMap(([path, imports]) =>
      imports.map((source, index) =>
        expectReport(`${source} in ${path}`, 'eslint(no-restricted-imports)', path, index + 1),
      ),
    ),
    ...MISTAKES.map(([rule, path]) => expectReport(`${rule} in ${path}`, rule, path)),
    ...clean.map(({ path }) => {
      const name = `nothing in ${path}`;
      const report = reports.find((candidate) => candidate.path === path);
      return report === undefined
        ? { name }
        : { name, failure: `oxlint reports ${report.rule} in ${path}: ${report.message}` };
    }),
  ];
}

function importLine(source) {
  return `import '${source}';\n`;
}

/** In a folder outside the repository, because oxlint skips what git ignores. */
async function lint(files) {
  const folder = mkdtempSync(join(tmpdir(), 'roomplex-lint-'));
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    cpSync(inRoot('.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    symlinkSync(inRoot('node_modules'), join(folder, 'node_modules'), 'junction');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }));
    const { stdout } = await runNode(
      [inRoot('node_modules/oxlint/bin/oxlint'), '--type-aware', '--format=json'],
      {
        cwd: folder,
        allowFailure: true,
      },
    );
    return JSON.parse(stdout).diagnostics.map(({ code, filename, message, labels }) => ({
      rule: code,
      path: filename,
      message,
      line: labels[0]?.span.line,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const results = await runLintCanary();
  const failures = results.filter(({ failure }) => failure !== undefined);
  for (const { failure } of failures) console.error(failure);
  console.log(
    `${results.length - failures.length} of ${results.length} plants are treated as they should be`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}
