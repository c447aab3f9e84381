/** Where a browser keeps what is known about a network; `null` where it may keep nothing. */
export function storage(): Storage | null {
  try {
    // Its mere mention throws where cookies are forbidden.
    return (globalThis as { readonly localStorage?: Storage }).localStorage ?? null;
  } catch {
    return null;
  }
}

/** What kind of network this is, such as `wifi`; empty where the browser does not tell. */
export function networkKind(): string {
  return connection()?.type ?? '';
}

/** Network Information API; only Chromium has it, and on phones alone it knows the type. */
export function connection(): (EventTarget & { readonly type?: string }) | undefined {
  return (globalThis.navigator as { readonly connection?: EventTarget & { readonly type?: string } })
    .connection;
}
