// Brings conversations from elsewhere: npm run transfer -- <source> <where> [options]. See docs/migrate/.
import { transfer } from "./command.ts";

process.exitCode = await transfer(process.argv.slice(2));
