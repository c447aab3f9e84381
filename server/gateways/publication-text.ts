/**
 * What was published, for protocols that carry plain text: strings as they are, other JSON values as their
 * JSON text (CONTRACT §3), nothing as an empty text.
 */
export function publicationText(data: unknown): string {
  if (typeof data === 'string') return data;
  return data === undefined ? '' : JSON.stringify(data);
}
