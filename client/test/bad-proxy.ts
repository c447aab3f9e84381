import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * What a proxy does to WebSocket: refuses the handshake, never answers it, or lets it through and cuts the
 * line at the first frame.
 */
export type Fault = 'refuse' | 'swallow' | 'break';

/** A proxy whose lines are cut; new ones are let in. */
export interface CuttingProxy {
  readonly port: number;
  /** Cuts all lines there are. */
  cut(): void;
  /** From now on lines hold. */
  calm(): void;
}

/** Passes everything on to `port`; each line lives for so many bytes in each direction. */
export async function startCuttingProxy(
  port: number,
  lifeBytes: () => number = () => Infinity,
): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let isCalm = false;
  const pass = (from: Socket, to: Socket): void => {
    let left = lifeBytes();
    from.on('data', (chunk: Buffer) => {
      if (isCalm || chunk.length < left) {
        left -= chunk.length;
        to.write(chunk);
        return;
      }
      from.pause();
      to.write(chunk.subarray(0, left), () => {
        from.destroy();
        to.destroy();
      });
    });
  };
  const proxy = createServer((inward) => {
    sockets.add(inward);
    const outward = connect(port, '127.0.0.1');
    inward.on('error', () => undefined);
    outward.on('error', () => undefined);
    inward.on('close', () => {
      sockets.delete(inward);
      outward.destroy();
    });
    outward.on('close', () => inward.destroy());
    pass(inward, outward);
    pass(outward, inward);
  });
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    cut();
    proxy.close();
  });
  return {
    port: (proxy.address() as AddressInfo).port,
    cut,
    calm() {
      isCalm = true;
    },
  };
}

/** Passes everything but WebSocket on to `port`. Answers its own port. */
export async function startBadProxy(port: number, fault: Fault): Promise<number> {
  const sockets = new Set<Socket>();
  const proxy = createServer((inward) => {
    sockets.add(inward);
    inward.on('error', () => undefined);
    inward.once('data', (head) => {
      const isUpgrade = /^upgrade: websocket/im.test(head.toString());
      if (isUpgrade && fault === 'swallow') return;
      if (isUpgrade && fault === 'refuse') {
        inward.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return;
      }
      const outward = connect(port, '127.0.0.1');
      outward.on('error', () => inward.destroy());
      outward.on('close', () => inward.destroy());
      inward.on('close', () => outward.destroy());
      outward.write(head);
      outward.pipe(inward);
      if (isUpgrade) inward.once('data', () => inward.destroy());
      else inward.pipe(outward);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return (proxy.address() as AddressInfo).port;
}
