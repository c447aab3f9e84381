// A session controller as it was written for Enonic XP, in CommonJS: everybody at /service/chat hears everybody.

// Lib that contains websocket functions.
var webSocketLib = require('/lib/xp/websocket');

// Create a websocket if websocket request.
exports.get = function (req) {
  if (!req.webSocket) {
    return {
      status: 404,
    };
  }

  return {
    webSocket: {
      data: {
        user: 'test',
      },
      subProtocols: ['text'],
    },
  };
};

// Listen to a websocket event
exports.webSocketEvent = function (event) {
  if (event.type == 'open') {
    // Send message back to client. The original lacks the inner parentheses and fails for whoever is not logged in.
    webSocketLib.send(
      event.session.id,
      'Welcome to our chat ' + (event.session.user ? event.session.user.displayName : 'anonymous'),
    );

    // Add client into a group
    webSocketLib.addToGroup('chat', event.session.id);

    log.info(`New group size ${webSocketLib.getGroupSize('chat')}`);
  }

  if (event.type == 'message') {
    // Propagate message to group
    webSocketLib.sendToGroup('chat', event.message);
  }

  if (event.type == 'close') {
    // Remove client from a group
    webSocketLib.removeFromGroup('chat', event.session.id);
  }
};
