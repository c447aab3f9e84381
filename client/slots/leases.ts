/** As much of the standard `Storage` as is used. */
export interface SharedStore {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
  removeItem(key: string): void;
}

/** Who has a slot. */
export interface Lease {
  readonly holder: string;
  /** Its page is not looked at. */
  readonly isHidden: boolean;
  /** When it was last confirmed, ms since 1970. */
  readonly at: number;
}

/** The slots of one server as all tabs of a browser see them, and the roll call by which the dead are told. */
export class Leases {
  /** Of every key in the store. */
  static readonly prefix = 'roomplex:held:';
  readonly #store: SharedStore;
  readonly #prefix: string;

  constructor(store: SharedStore, origin: string) {
    this.#store = store;
    this.#prefix = `${Leases.prefix}${origin}:`;
  }

  /** `null`: nobody has it. */
  read(slot: number): Lease | null {
    const [holder = '', page = '', at = ''] = this.#read(String(slot)).split(' ');
    return at === '' ? null : { holder, isHidden: page === 'hidden', at: Number(at) };
  }

  /** True when the store took it. */
  write(slot: number, { holder, isHidden, at }: Lease): boolean {
    return this.#write(String(slot), `${holder} ${isHidden ? 'hidden' : 'seen'} ${at}`);
  }

  clear(slot: number): void {
    this.#store.removeItem(this.#prefix + slot);
  }

  /** When those who have slots were last asked to confirm it, ms since 1970. */
  get calledAt(): number {
    return Number(this.#read('call'));
  }

  call(at: number): void {
    this.#write('call', String(at));
  }

  #read(name: string): string {
    return this.#store.getItem(this.#prefix + name) ?? '';
  }

  #write(name: string, text: string): boolean {
    try {
      this.#store.setItem(this.#prefix + name, text);
      return true;
    } catch {
      return false;
    }
  }
}
