/** Why something could not be written: for operators, and for whoever was refused. */
export function writeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  return REASONS.get(code) ?? error.message;
}

/** By the codes of Node and by the numbers of the system, which the library gives. */
const REASONS = new Map<unknown, string>([
  [5, 'the disk is full, or fails'],
  ['EIO', 'the disk is full, or fails'],
  [27, 'the file may not become any larger'],
  ['EFBIG', 'the file may not become any larger'],
  [28, 'the disk is full'],
  ['ENOSPC', 'the disk is full'],
  [30, 'the disk is read-only'],
  ['EROFS', 'the disk is read-only'],
  [122, 'the disk is full: the quota is used up'],
  ['EDQUOT', 'the disk is full: the quota is used up'],
]);
