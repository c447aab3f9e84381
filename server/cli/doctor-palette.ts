/** Puts colour around a text, or does not. */
export type Paint = (text: string) => string;

/** The colours of a report on a terminal. */
export interface Palette {
  readonly good: Paint;
  readonly doubtful: Paint;
  readonly bad: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

const plain: Paint = (text) => text;

/** Colours on terminals, unless `NO_COLOR` is set. */
export function paletteFor(
  { isTTY }: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Palette {
  const isColored = isTTY === true && (env['NO_COLOR'] ?? '') === '';
  const paint = (code: number): Paint => (isColored ? (text) => `\u001b[${code}m${text}\u001b[0m` : plain);
  return { good: paint(32), doubtful: paint(33), bad: paint(31), faint: paint(2), strong: paint(1) };
}
