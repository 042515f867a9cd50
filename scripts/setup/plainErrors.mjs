/** Loaded ahead of each script: an error ends it with the error's message; `LAYER_PEEK_DEBUG=1` adds where it came from. */

process.on('uncaughtException', (error) => {
  console.error(process.env.LAYER_PEEK_DEBUG ? error : `Error: ${error.message}`);
  process.exit(1);
});
