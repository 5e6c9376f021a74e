// Reads a list of texts as JSON on stdin and writes their lengths by twitter-text; the argument is the folder of Node's packages.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const require = createRequire(resolve(process.argv[2], "clarion.js"));
const { parseTweet } = require("twitter-text");

const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map((text) => parseTweet(text).weightedLength)));
