import { connect } from '/client/roomplex.js';
import { Lobby } from './lobby.js';

const name = new URLSearchParams(location.search).get('lobby') ?? 'green';
document.querySelector('#lobby').value = name;

/** By peer: its RTCPeerConnection, its data channel, and its line in the list. */
const peers = new Map();

/** A connection to a peer, about to be made by whoever came last. */
function open(id) {
  close(id);
  const connection = new RTCPeerConnection();
  const line = document.createElement('li');
  document.querySelector('ul').append(line);
  const peer = {
    connection,
    line,
    channel: connection.createDataChannel('chat', { negotiated: true, id: 0 }),
  };
  const show = () => (line.textContent = `${id}: ${peer.channel.readyState}`);
  peer.channel.onopen = show;
  peer.channel.onclose = show;
  peer.channel.onmessage = ({ data }) => print(`${id}: ${data}`);
  connection.onicecandidate = ({ candidate }) =>
    candidate && lobby.signal(id, { type: 'candidate', candidate });
  peers.set(id, peer);
  show();
  return connection;
}

function close(id) {
  peers.get(id)?.connection.close();
  peers.get(id)?.line.remove();
  peers.delete(id);
}

function print(text) {
  const line = document.createElement('li');
  line.textContent = text;
  document.querySelector('ol').append(line);
}

const lobby = new Lobby(connect('/multiplex'), name, {
  /** In the lobby, again after a lost connection; those who were there before are offered a connection. */
  async entered(self, others) {
    document.querySelector('#self').value = self;
    for (const id of peers.keys()) close(id);
    for (const id of others) {
      const connection = open(id);
      await connection.setLocalDescription();
      lobby.signal(id, { type: 'offer', sdp: connection.localDescription.sdp });
    }
  },
  left: close,
  async signal(id, { type, sdp, candidate }) {
    if (type === 'offer') {
      const connection = open(id);
      await connection.setRemoteDescription({ type, sdp });
      await connection.setLocalDescription();
      lobby.signal(id, { type: 'answer', sdp: connection.localDescription.sdp });
    } else if (type === 'answer') {
      await peers.get(id)?.connection.setRemoteDescription({ type, sdp });
    } else if (type === 'candidate') {
      await peers.get(id)?.connection.addIceCandidate(candidate);
    }
  },
});

document.querySelector('form').onsubmit = (event) => {
  event.preventDefault();
  const text = event.target.text.value;
  for (const { channel } of peers.values()) if (channel.readyState === 'open') channel.send(text);
  print(`you: ${text}`);
  event.target.reset();
};
