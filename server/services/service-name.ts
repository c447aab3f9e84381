/** True for a name that stands in a path as it is: letters, digits, `-`, `_`, `.` and `~`, not starting with a dot. */
export function isServiceName(name: string): boolean {
  return /^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,63}$/.test(name);
}
