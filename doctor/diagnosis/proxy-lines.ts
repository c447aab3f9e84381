/** Lines for the configuration of proxies in front of Roomplex. */

export const NGINX_UPGRADE = `# in http:
map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
# in location:
proxy_http_version 1.1;
proxy_set_header Host $http_host;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $connection_upgrade;`;

export const NGINX_STREAMS = `proxy_http_version 1.1;
proxy_buffering off;
proxy_cache off;
gzip off;`;

export const NGINX_TIMEOUTS = `proxy_read_timeout 1h;
proxy_send_timeout 1h;`;

export const NGINX_HOST = 'proxy_set_header Host $http_host;';

export const NGINX_BODY = 'client_max_body_size 4m;';

export const NGINX_NO_CACHE = `proxy_cache off;
# or at least no "proxy_ignore_headers Cache-Control"`;

export const NGINX_AFFINITY = `# in http:
map $uri $session_server {
  "~/(?<id>[^/.]+)/[^/.]+/(xhr|xhr_send|xhr_streaming|eventsource|htmlfile|jsonp|jsonp_send|websocket)$" $id;
  default $remote_addr;
}
upstream roomplex {
  hash $session_server consistent;
  server 10.0.0.1:3000;
  server 10.0.0.2:3000;
}`;

export const HAPROXY_UPGRADE = `# no "http-request del-header Upgrade"; in defaults:
timeout tunnel 1h`;

export const HAPROXY_STREAMS = `option http-no-delay
no option http-buffer-request`;

export const HAPROXY_TIMEOUTS = `timeout client 1h
timeout server 1h
timeout tunnel 1h`;

export const HAPROXY_AFFINITY = `# in the backend:
balance hash path,field(-3,/)
hash-type consistent`;
