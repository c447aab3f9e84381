import type { ServiceMethod, SessionsDefinition } from '../../services/controller.ts';

/** The functions that a controller may have, by method. */
const EXPORTS = [
  ['GET', 'get'],
  ['POST', 'post'],
  ['PUT', 'put'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
  ['OPTIONS', 'options'],
] as const;

/** The controller's function for a method; `HEAD` is a `GET` of which only the head is sent (S3 §2). */
export function methodFor(definition: SessionsDefinition, method: string): ServiceMethod | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const [, name] = EXPORTS.find(([known]) => known === wanted) ?? [];
  return (name && definition[name]) ?? definition.all;
}

/** As the header `Allow` lists them. */
export function allowedMethods(definition: SessionsDefinition): string {
  return EXPORTS.filter(([, name]) => definition[name] !== undefined)
    .flatMap(([method]) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    .join(', ');
}
