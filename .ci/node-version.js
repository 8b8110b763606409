// After `npm ci`: npm runs this on the Node of node_modules/.bin, and names its own in the user agent.
const [, version] = /node\/v(\d+\S*)/.exec(process.env["npm_config_user_agent"] ?? "") ?? [];
if (version !== undefined && Number.parseInt(version, 10) < 22) {
  console.log(
    `Node ${version} is older than 22. The commands here run on Node ${process.versions.node}, which npm ci brought: all is well.`,
  );
}
