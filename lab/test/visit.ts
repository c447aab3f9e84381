import type { TestContext } from 'vitest';
import { ENVIRONMENTS, type Environment, missingFor, startEnvironment } from '../index.ts';
import { type LabOrigin, startOrigin } from './origin.ts';
import { Visitor } from './visitor.ts';

export interface Visit {
  readonly environment: Environment;
  readonly origin: LabOrigin;
  readonly second: LabOrigin;
  readonly visitor: Visitor;
}

/** An origin of two nodes, the environment in front of it and somebody behind that; skips when it cannot be. */
export async function visit(name: string, context: TestContext): Promise<Visit> {
  const description = ENVIRONMENTS.find((environment) => environment.name === name);
  const missing = description && missingFor(description);
  if (missing !== undefined) context.skip(missing);
  const origin = await startOrigin(context);
  const second = await startOrigin(context, 'second');
  const environment = await startEnvironment(name, { originPort: origin.port, secondPort: second.port });
  context.onTestFinished(() => environment.stop());
  return { environment, origin, second, visitor: new Visitor(environment, context) };
}
