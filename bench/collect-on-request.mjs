// Preloaded into a server whose memory is measured, with --expose-gc: collects garbage when asked over IPC.
process.on('message', async () => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  process.send('collected');
});
process.channel.unref();
