// Takes pictures of pages in one headless Chromium.
//
// node shoot.mjs MODULES ORDERS
// MODULES: a folder of Node packages. ORDERS: {executable, shots: [{page, file, width, height, scale, scheme, clip, hide,
// open, margin}]}, where `clip` names what is in the picture ('' for what a screen shows), `hide` what is taken out before,
// and `open` the details to open.
import { readFileSync } from "node:fs";
import { launched } from "../judge/chromium.mjs";

const [modules, ordersFile] = process.argv.slice(2);
const orders = JSON.parse(readFileSync(ordersFile, "utf8"));
const browser = await launched(modules, orders.executable);
for (const shot of orders.shots) {
  const page = await browser.newPage({
    viewport: { width: shot.width, height: shot.height },
    deviceScaleFactor: shot.scale,
    colorScheme: shot.scheme,
    reducedMotion: "reduce",
  });
  await page.goto(shot.page, { waitUntil: "load" });
  await page.evaluate((hide) => hide && document.querySelectorAll(hide).forEach((each) => each.remove()), shot.hide);
  await page.evaluate((open) => open && document.querySelectorAll(open).forEach((each) => (each.open = true)), shot.open);
  const box = await page.evaluate(async ([clip, margin]) => {
    await document.fonts.ready;
    if (!clip) return null;
    const boxes = [...document.querySelectorAll(clip)].map((each) => each.getBoundingClientRect());
    const left = Math.min(...boxes.map((each) => each.left)) - margin;
    const top = Math.min(...boxes.map((each) => each.top)) + scrollY - margin;
    const right = Math.max(...boxes.map((each) => each.right)) + margin;
    const bottom = Math.max(...boxes.map((each) => each.bottom)) + scrollY + margin;
    return { x: Math.max(left, 0), y: Math.max(top, 0), width: right - Math.max(left, 0), height: bottom - Math.max(top, 0) };
  }, [shot.clip, shot.margin]);
  await page.screenshot({ path: shot.file, ...(box ? { clip: box, fullPage: true } : {}) });
  await page.close();
}
await browser.close();
