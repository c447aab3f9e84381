/** The store cannot be used; the message is a sentence for an operator. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
