import type { Format, Member } from './member.ts';

/**
 * The fan-out: encodes once per format and hands the same thing to every member of it. Nothing is parsed or
 * copied per member. Returns to how many; formats that encode to `undefined` are left out.
 */
export function handOut(
  members: Iterable<Member>,
  encode: (format: Format) => unknown,
  except?: Member,
): number {
  let count = 0;
  let format: Format | undefined;
  let encoded: unknown;
  let seen: Map<Format, unknown> | undefined;
  for (const member of members) {
    if (member === except) continue;
    if (member.format !== format) {
      if (format !== undefined) (seen ??= new Map()).set(format, encoded);
      format = member.format;
      encoded = seen?.has(format) ? seen.get(format) : encode(format);
    }
    if (encoded === undefined) continue;
    member.deliver(encoded);
    count++;
  }
  return count;
}
