// A card table in the state of a room: each card is a key, who holds it is its value. Clients speak the protocol of
// state rooms at /wss; the server deals, and sees to it that nobody takes what is not theirs.
// To play from a terminal: npx wscat --connect ws://localhost:3000/wss
// {"protocol":"websocket-room-server:1","roomProtocol":"cards:1","roomId":"table","clientState":{},"clientName":"ann"}
// {"type":4,"action":"deal","id":"1","data":""}
import { createServer } from 'roomplex';

const CARDS = ['♠', '♥', '♦', '♣'].flatMap((suit) => ['J', 'Q', 'K', 'A'].map((rank) => suit + rank));

const roomplex = createServer(null, {
  hooks: {
    hello({ clientName, clientState, readonly }) {
      if (!clientName && !readonly) throw new Error('sit down with a name, or watch (readonly)');
      return { clientState, readonly };
    },
    change({ roomChanges = [], clientChanges }, { room, client }) {
      for (const { key } of roomChanges) {
        const holder = room.state.get(key);
        if (holder === undefined) throw new Error(`there is no ${key}`);
        if (holder !== 'table' && holder !== client.name) throw new Error(`${key} is not yours`);
      }
      return { roomChanges, clientChanges, echo: true };
    },
    async action({ action, id }, { room }) {
      const answer = { type: 5, id };
      if (action !== 'deal') return { ...answer, success: false, msg: `nobody can ${action} here` };
      const players = room.members.filter(({ isHidden }) => !isHidden);
      const deck = CARDS.map((card) => ({ card, at: Math.random() })).sort((a, b) => a.at - b.at);
      await roomplex.change(
        room.name,
        deck.map(({ card }, index) => ({ key: card, value: players[index % players.length].name })),
      );
      return { ...answer, success: true, data: `${CARDS.length} cards for ${players.length}` };
    },
    async leave({ room, client }) {
      const left = [...room.state].filter(([, holder]) => holder === client.name);
      if (left.length === 0) return;
      await roomplex.change(
        room.name,
        left.map(([key]) => ({ key, value: 'table' })),
      );
    },
  },
});

const { port } = await roomplex.listen(Number(process.env.PORT ?? 3000)).catch(({ message }) => {
  console.error(message);
  process.exit(1);
});
console.log(`listening on http://localhost:${port}`);
