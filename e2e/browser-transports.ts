/** The SockJS transports that Chromium can run. */
export const BROWSER_TRANSPORTS: readonly string[] = [
  'websocket',
  'xhr-streaming',
  'eventsource',
  'htmlfile',
  'iframe-eventsource',
  'iframe-htmlfile',
  'xhr-polling',
  'iframe-xhr-polling',
  'jsonp-polling',
];
