/** How the server's process is started. */

/**
 * Flags of Node. By default V8 lets the space for new objects grow to several times what fits the work here, which costs some
 * hundred megabytes while a large workspace is indexed and gains a few percent of time.
 */
export const SERVER_FLAGS = ['--max-semi-space-size=8'];
