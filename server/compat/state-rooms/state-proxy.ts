/** Where a {@link stateProxy} reads and writes. */
export interface StateStore {
  readonly values: ReadonlyMap<string, unknown>;
  /** `undefined` unsets. */
  set(key: string, value: unknown): void;
}

/**
 * A room's state as the plain object that it was in the original, where server code sets properties to change it
 * (nobody is told: `broadcastChange` does that). Live both ways, and unlike a plain object it takes `__proto__`
 * for a key like any other once it is set.
 */
export function stateProxy(store: StateStore): Record<string, string> {
  const own = (key: string | symbol): key is string => typeof key === 'string' && store.values.has(key);
  return new Proxy<Record<string, string>>(
    {},
    {
      get: (target, key, receiver) =>
        own(key) ? textOf(store.values.get(key)) : (Reflect.get(target, key, receiver) as unknown),
      has: (target, key) => own(key) || Reflect.has(target, key),
      ownKeys: () => [...store.values.keys()],
      getOwnPropertyDescriptor: (_target, key) =>
        own(key)
          ? { value: textOf(store.values.get(key)), writable: true, enumerable: true, configurable: true }
          : undefined,
      set: (_target, key, value: unknown) => {
        if (typeof key !== 'string') return false;
        store.set(key, value);
        return true;
      },
      deleteProperty: (_target, key) => {
        if (own(key)) store.set(key, undefined);
        return true;
      },
    },
  );
}

/** Values in the protocol are texts; other JSON values come from elsewhere and show as their JSON text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
