const WHY = new Map([
  [400, 'The request is malformed, or a limit stands in the way.'],
  [401, 'The admin token is missing or wrong.'],
  [403, 'A hook refused it, or the request comes from another site or machine.'],
  [404, 'There is no such room or member.'],
  [409, 'The state is not as a condition says; `conflicts` shows how it is.'],
  [413, 'The body is too big.'],
  [503, 'The store takes nothing now; nothing has happened.'],
]);

/** The description of `/api` (OpenAPI 3.1), served as `/api/openapi.json`. */
export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Roomplex',
    version: '1',
    description:
      'Rooms, who is in them, and what an operator may do there. With an admin token set (`--admin-token`), every ' +
      'request but this one needs it. Without one, only requests from the same machine may change something, or ' +
      'read what is said in rooms.',
  },
  security: [{}, { adminToken: [] }],
  paths: {
    '/api/overview': {
      get: {
        summary: 'The server at a glance: connections, rooms, totals.',
        responses: { 200: json('The overview.', { type: 'object' }), ...refusals() },
      },
    },
    '/api/rooms': {
      get: {
        summary:
          'The rooms with most members, at most 500; or with `kept`, rooms of which something is kept.',
        parameters: [
          ref('space', 'parameters'),
          {
            name: 'kept',
            in: 'query',
            description: 'With any value: also rooms that nobody is in, at most 500, with fewer fields.',
            schema: { type: 'string' },
          },
        ],
        responses: {
          200: json('The rooms.', { type: 'array', items: ref('RoomSummary') }),
          ...refusals(),
        },
      },
    },
    '/api/rooms/{name}': {
      parameters: [ref('name', 'parameters'), ref('space', 'parameters')],
      get: {
        summary: 'One room and its members, at most 500.',
        responses: { 200: json('The room.', ref('RoomDetail')), ...refusals(404) },
      },
      delete: {
        summary: 'Closes the room: every member is told, and out.',
        parameters: [ref('reason', 'parameters')],
        responses: {
          200: json('How many members there were.', {
            type: 'object',
            properties: { members: { type: 'integer' } },
          }),
          ...refusals(403, 404),
        },
      },
    },
    '/api/rooms/{name}/state': {
      parameters: [ref('name', 'parameters'), ref('space', 'parameters')],
      get: {
        summary: "What the room remembers, by key. A room's state outlives its last member.",
        parameters: [
          {
            name: 'revisions',
            in: 'query',
            description: 'With any value: `{epoch, rev, entries}`, each entry with its revision.',
            schema: { type: 'string' },
          },
        ],
        responses: { 200: json('Keys and JSON values.', { type: 'object' }), ...refusals(403, 404) },
      },
      patch: {
        summary: 'Changes what the room remembers: all of it or nothing. Nobody needs to be in the room.',
        requestBody: body({
          type: 'object',
          required: ['entries'],
          properties: {
            entries: {
              type: 'array',
              minItems: 1,
              items: {
                type: 'object',
                required: ['key'],
                properties: {
                  key: { type: 'string' },
                  value: { description: 'Any JSON value. Absent: the key goes.' },
                  ifRev: {
                    type: 'integer',
                    minimum: 0,
                    description: "Only if this is the key's revision; 0: only if there is no such key.",
                  },
                },
              },
            },
            epoch: { type: 'string', description: 'The epoch that the revisions are of.' },
          },
        }),
        responses: {
          200: json('The revision of the room, and of all keys that changed.', {
            type: 'object',
            properties: { epoch: { type: 'string' }, rev: { type: 'integer' } },
          }),
          ...refusals(400, 403, 409, 413, 503),
        },
      },
    },
    '/api/rooms/{name}/messages': {
      parameters: [ref('name', 'parameters'), ref('space', 'parameters')],
      get: {
        summary: 'What was said in the room, as far as it is kept, in the order of the room.',
        parameters: [
          count('before', 'The latest messages with lower offsets. Default: of all.'),
          count('after', 'The earliest messages with greater offsets. Not together with `before`.'),
          count('limit', 'At most so many. Default 100.'),
        ],
        responses: {
          200: json('A page. `first` is the oldest offset that is kept, `offset` the newest.', {
            type: 'object',
            properties: {
              epoch: { type: 'string' },
              offset: { type: 'integer' },
              first: { type: 'integer' },
              messages: { type: 'array', items: ref('Message') },
            },
          }),
          ...refusals(400, 403, 404),
        },
      },
      post: {
        summary: 'Says something in the room, to everyone in it through whichever door.',
        requestBody: body({
          type: 'object',
          required: ['data'],
          properties: {
            data: { description: 'Any JSON value.' },
            name: { type: 'string', default: 'server', description: 'Whom members see as the sender.' },
            id: {
              type: 'string',
              maxLength: 64,
              description: 'Said again with the same id within five minutes, it is not published again.',
            },
          },
        }),
        responses: {
          200: json('Where the message stands in the room.', {
            type: 'object',
            properties: { epoch: { type: 'string' }, offset: { type: 'integer' } },
          }),
          ...refusals(400, 403, 413, 503),
        },
      },
    },
    '/api/rooms/{name}/members/{id}': {
      parameters: [
        ref('name', 'parameters'),
        ref('space', 'parameters'),
        { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      ],
      delete: {
        summary:
          'Ejects a member; its other rooms and its connection are its own affair where the protocol allows.',
        parameters: [ref('reason', 'parameters')],
        responses: { 204: { description: 'It is out.' }, ...refusals(403, 404) },
      },
    },
  },
  components: {
    securitySchemes: { adminToken: { type: 'http', scheme: 'bearer' } },
    parameters: {
      name: { name: 'name', in: 'path', required: true, schema: { type: 'string' } },
      space: {
        name: 'space',
        in: 'query',
        description: '`rooms` is what topics, /layout and the other plain rooms share.',
        schema: { type: 'string', default: 'rooms' },
      },
      reason: {
        name: 'reason',
        in: 'query',
        description: 'For the members to read, at most 120 characters.',
        schema: { type: 'string' },
      },
    },
    schemas: {
      RoomSummary: {
        type: 'object',
        properties: {
          space: { type: 'string' },
          name: { type: 'string' },
          members: { type: 'integer' },
          published: { type: 'integer', description: 'Messages since the room came to life on this server.' },
          since: { type: 'integer', description: 'ms since 1970' },
        },
      },
      RoomDetail: {
        type: 'object',
        properties: {
          space: { type: 'string' },
          name: { type: 'string' },
          members: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                id: { type: 'string' },
                name: { type: 'string', description: 'Empty for one that gave none.' },
                gateway: { type: 'string' },
                transport: { type: 'string' },
                since: { type: 'integer', description: 'ms since 1970' },
              },
            },
          },
          truncated: { type: 'boolean', description: 'There are more members than are listed.' },
          epoch: { type: 'string' },
          offset: { type: 'integer', description: 'Of the newest message.' },
          first: { type: 'integer', description: 'Offset of the oldest message that is kept.' },
          rev: { type: 'integer', description: 'Revision of the state.' },
        },
      },
      Message: {
        type: 'object',
        properties: {
          offset: { type: 'integer' },
          at: { type: 'integer', description: 'ms since 1970' },
          sender: { type: 'string' },
          senderId: { type: ['string', 'null'] },
          data: { description: 'Any JSON value.' },
        },
      },
      Error: { type: 'object', properties: { error: { type: 'string' }, code: { type: 'string' } } },
    },
  },
} as const;

function ref(name: string, kind: 'schemas' | 'parameters' = 'schemas'): { readonly $ref: string } {
  return { $ref: `#/components/${kind}/${name}` };
}

function body(schema: object): object {
  return { required: true, content: { 'application/json': { schema } } };
}

function count(name: string, description: string): object {
  return { name, in: 'query', description, schema: { type: 'integer', minimum: 0 } };
}

function json(description: string, schema: object): object {
  return { description, content: { 'application/json': { schema } } };
}

/** The statuses a request may be refused with, 401 always among them. */
function refusals(...statuses: readonly number[]): Record<number, object> {
  return Object.fromEntries(
    [401, ...statuses].map((status) => [status, json(WHY.get(status) ?? '', ref('Error'))]),
  );
}
