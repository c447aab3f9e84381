import { STATUS_CODES } from 'node:http';

/** A small HTML page. `detail` is a sentence of ours, never input. */
export function errorPage(status: number, detail = ''): string {
  const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
  return (
    '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>' +
    `${title}</title></head>\n<body><h1>${title}</h1>${detail === '' ? '' : `<p>${detail}</p>`}</body>\n</html>\n`
  );
}
