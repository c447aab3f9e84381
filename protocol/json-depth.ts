/** Nesting that no honest message has; deeper ones could overflow the stack of whoever walks them. */
const MAX_JSON_DEPTH = 64;

/** True when arrays and objects in a JSON text nest deeper than `limit`, told without parsing it. */
export function nestsDeeperThan(json: string, limit: number = MAX_JSON_DEPTH): boolean {
  // Each level takes two characters.
  if (json.length < 2 * limit) return false;
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i);
    if (isInString) {
      if (unit === BACKSLASH) i++;
      else if (unit === QUOTE) isInString = false;
    } else if (unit === QUOTE) {
      isInString = true;
    } else if (unit === OPEN_ARRAY || unit === OPEN_OBJECT) {
      if (++depth > limit) return true;
    } else if (unit === CLOSE_ARRAY || unit === CLOSE_OBJECT) {
      depth--;
    }
  }
  return false;
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
