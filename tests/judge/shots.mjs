// Takes pictures of whole pages in one headless Chromium.
//
// node shots.mjs MODULES ORDERS
// ORDERS: {executable, workers, shots: [{url, file, scheme, width}]}. What cannot be taken is told, a line each.
import { readFileSync } from "node:fs";
import { launched } from "./chromium.mjs";

const [modules, ordersFile] = process.argv.slice(2);
const orders = JSON.parse(readFileSync(ordersFile, "utf8"));
const browser = await launched(modules, orders.executable);
const queue = [...orders.shots];

async function work() {
  const context = await browser.newContext();
  const page = await context.newPage();
  for (let shot = queue.shift(); shot; shot = queue.shift()) {
    try {
      await page.setViewportSize({ width: shot.width, height: shot.width < 700 ? 740 : 900 });
      await page.emulateMedia({ colorScheme: shot.scheme, reducedMotion: "reduce" });
      await page.goto(shot.url, { waitUntil: "load", timeout: 30_000 });
      // Pictures that wait for a reader are waited for.
      await page.evaluate(async () => {
        for (const picture of document.images) picture.loading = "eager";
        await Promise.all([...document.images].map((picture) => picture.decode().catch(() => {})));
      });
      await page.screenshot({ path: shot.file, fullPage: true });
    } catch (problem) {
      console.log(`${shot.url}: ${String(problem).split("\n")[0]}`);
    }
  }
  await context.close();
}

await Promise.all(Array.from({ length: orders.workers }, work));
await browser.close();
