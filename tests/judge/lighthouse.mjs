// Holds Lighthouse's phone profile against pages, one after the other, and writes down its scores as JSON.
//
// node lighthouse.mjs MODULES ORDERS ANSWERS
// MODULES: a folder of Node packages. ORDERS: {executable, pages: [{path, url}]}. ANSWERS: [{path, scores: {category:
// 0 to 100}, failed: [{category, id, title}]}].
import { pathToFileURL } from "node:url";
import { readFileSync, writeFileSync } from "node:fs";

const [modules, ordersFile, answersFile] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${modules}/${file}`).href);
const { default: lighthouse } = await load("lighthouse/core/index.js");
const { launch } = await load("chrome-launcher/dist/index.js");
const orders = JSON.parse(readFileSync(ordersFile, "utf8"));
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

const browser = await launch({
  chromePath: orders.executable,
  chromeFlags: [
    ...["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    // Nothing but this machine is asked for anything.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});
const answers = [];
for (const page of orders.pages) {
  const { lhr } = await lighthouse(page.url, {
    port: browser.port,
    output: "json",
    logLevel: "silent",
    onlyCategories: CATEGORIES,
  });
  const scores = {};
  const failed = [];
  for (const name of CATEGORIES) {
    const category = lhr.categories[name];
    scores[name] = Math.round((category.score ?? 0) * 100);
    for (const { id, weight } of category.auditRefs) {
      const { score, title } = lhr.audits[id];
      if (weight && score !== null && score < 1) failed.push({ category: name, id, title });
    }
  }
  answers.push({ path: page.path, scores, failed });
}
await browser.kill();
writeFileSync(answersFile, JSON.stringify(answers));
