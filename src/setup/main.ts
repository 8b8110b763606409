// `npm run setup` makes what a deployment stands on: buckets, KV namespace, queues and secrets. What is there stays as it is, so
// it may be run again. `-- --dry-run` prints the commands that change something, and runs none. `-- --env staging` is for staging.
import { setUp } from "./set-up.ts";

try {
  setUp(process.argv.slice(2), {
    directory: process.cwd(),
    env: process.env,
    say: (line) => console.log(line),
  });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
