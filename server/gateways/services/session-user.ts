import type { SessionUser } from '../../services/controller.ts';

/**
 * A user as events show it: these fields and no others, whatever else is known of somebody (S3 §3).
 *
 * @throws TypeError when a field that every user has is missing.
 */
export function sessionUser(known: unknown): SessionUser | undefined {
  if (known === undefined || known === null) return undefined;
  if (typeof known !== 'object') throw new TypeError('authenticate must give a user or nothing');
  const fields = new Map<string, unknown>(Object.entries(known));
  const text = (name: string): string => {
    const value = fields.get(name);
    if (typeof value !== 'string') throw new TypeError(`the user's ${name} must be a string`);
    return value;
  };
  const modified = fields.get('modifiedTime');
  const modifiedTime = modified instanceof Date ? modified.toISOString() : modified;
  return Object.freeze({
    key: text('key'),
    displayName: text('displayName'),
    ...(typeof modifiedTime === 'string' && { modifiedTime }),
    disabled: fields.get('disabled') === true,
    ...(typeof fields.get('email') === 'string' && { email: text('email') }),
    login: text('login'),
    idProvider: text('idProvider'),
  });
}
