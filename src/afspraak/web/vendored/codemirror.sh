#!/bin/sh
# Makes `static/web/codemirror.js` anew, out of the exact packages that `vendored.json` names, each
# held to its integrity there. Needs node, npm and the network; users and tests need none of them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
node - "$here/vendored.json" <<'END'
const { readFileSync, writeFileSync } = require("node:fs");
const known = JSON.parse(readFileSync(process.argv[2]))["codemirror.js"].packages;
const dependencies = Object.fromEntries(Object.entries(known).map(([name, each]) => [name, each.version]));
writeFileSync("package.json", JSON.stringify({ private: true, dependencies, overrides: dependencies }));
END
npm install --no-audit --no-fund --silent
node - "$here/vendored.json" <<'END'
const { readFileSync } = require("node:fs");
const known = JSON.parse(readFileSync(process.argv[2]))["codemirror.js"].packages;
const found = JSON.parse(readFileSync("package-lock.json")).packages;
for (const [name, each] of Object.entries(known))
  if (found["node_modules/" + name].integrity !== each.integrity) throw new Error(name + " is not what was recorded");
END
cp "$here/codemirror-entry.js" .
npx esbuild codemirror-entry.js --bundle --minify --format=iife --global-name=CodeMirror --target=es2021 \
  --legal-comments=none --log-level=warning --outfile="$here/../static/web/codemirror.js"
sha256sum "$here/../static/web/codemirror.js"
