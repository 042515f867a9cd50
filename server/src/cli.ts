/** Entry of the command `layer-peek`. */

import { captureCommand } from './cli/captureCommand';
import { mapCommand } from './cli/mapCommand';
import { UsageError, usage } from './cli/usage';

async function main(): Promise<number> {
  const [command, ...rest] = process.argv.slice(2);
  switch (command) {
    case 'map':
      return mapCommand(rest);
    case 'capture':
      return captureCommand(rest);
    case 'lsp': {
      const { createConnection, ProposedFeatures } = await import('vscode-languageserver/node');
      const { startServer } = await import('./server');
      // The connection finds `--stdio` among the arguments of the process.
      startServer(createConnection(ProposedFeatures.all));
      return new Promise(() => undefined);
    }
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(usage);
      return 0;
    default:
      throw new UsageError(command === undefined ? 'A command is missing.' : `There is no command "${command}".`);
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`layer-peek: ${message}\n${error instanceof UsageError ? `\n${usage}` : ''}`);
    process.exitCode = 2;
  },
);
