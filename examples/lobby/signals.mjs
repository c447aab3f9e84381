// The handshake of the lobby's page without a browser, to read along: run lobby.mjs, then this in two terminals.
// node examples/lobby/signals.mjs http://localhost:3000 green
import { connect } from 'roomplex/client';
import { Lobby } from './lobby.js';

const [address = 'http://localhost:3000', name = 'green'] = process.argv.slice(2);
const client = connect(new URL('/multiplex', address));

const lobby = new Lobby(client, name, {
  entered(self, others) {
    console.log(`JOINED ${self}`);
    console.log(`PEERS ${JSON.stringify(others)}`);
    for (const id of others) lobby.signal(id, { type: 'offer', sdp: `what ${self} offers` });
  },
  left(id) {
    console.log(`LEFT ${id}`);
  },
  signal(id, { type, sdp }) {
    console.log(`RTCSIGNAL ${type} from ${id}: ${sdp}`);
    if (type === 'offer') lobby.signal(id, { type: 'answer', sdp: `what is answered to ${id}` });
  },
});
