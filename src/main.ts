#!/usr/bin/env node
import { runCli } from './cli/cli.js';

// A reader that goes away (`mien … | head`) is no reason to stop: the results are in files.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
process.exitCode = await runCli(process.argv.slice(2));
