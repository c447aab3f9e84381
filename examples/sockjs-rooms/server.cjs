// The server of sockjs-rooms' own documentation, but for the package's name and the address of the SockJS client:
// node examples/sockjs-rooms/server.cjs, then open http://localhost:9999 in two windows.
var sockjs = require('sockjs');
var RoomServer = require('roomplex/sockjs-rooms');

var sockjs_opts = {
  sockjs_url: "/client/sockjs.min.js"
};
//create service with sockjs
var service = sockjs.createServer(sockjs_opts);
//suply sockjs service to room server
var server = new RoomServer(service);

//register channel on server
var red = server.registerChannel('red');
red.on('connection', function(conn) {
  conn.write('Red is connected');
  conn.on('data', function(data) {
    conn.write(data);
  });
});

//create new channel only for reply message
var latency = server.registerChannel('latency');
latency.on('connection', function(conn) {
  conn.on('data', function(data) {
    conn.write(data);
  });
});

// What the documentation leaves out: the page, its two scripts, and where the service listens.
var files = new Map([
  ['/', __dirname + '/index.html'],
  ['/client/sockjs.min.js', 'sockjs-client/dist/sockjs.min.js'],
  ['/client/websocket-multiplex.js', 'roomplex/websocket-multiplex.js']
]);
var http = require('node:http').createServer(function(request, response) {
  var file = files.get(request.url);
  if (file) require('node:fs').createReadStream(require.resolve(file)).pipe(response);
  else response.writeHead(404).end();
});
service.installHandlers(http, { prefix: '/multiplex' });
http.on('error', function(error) {
  console.error(error.message);
  process.exit(1);
});
http.listen(process.env.PORT || 9999, function() {
  console.log('listening on http://localhost:' + http.address().port);
});
