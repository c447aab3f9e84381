// Preloaded into a server whose memory is measured, with --expose-gc: collects garbage when asked over IPC.
process.on('message', async () => {
  for (let i = 0; i < 2; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  process.send('collected');
});
process.channel.unref();
