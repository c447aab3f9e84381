/** The store does not have what it must have, or not as it was written. */
export class StoreDamage extends Error {
  override readonly name = 'StoreDamage';
}
