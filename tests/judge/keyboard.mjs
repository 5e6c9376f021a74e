// Walks through pages with the Tab key alone and writes down, as JSON, what it never reaches and where it is not seen.
//
// node keyboard.mjs MODULES ORDERS ANSWERS
// MODULES: a folder of Node packages. ORDERS: {executable, proxy, pages: [{path, url}]}.
// ANSWERS: [{path, stops, missed, unseen, trapped}], the last three of elements as they begin in HTML.
import { readFileSync, writeFileSync } from "node:fs";
import { launched } from "./chromium.mjs";

const [modules, ordersFile, answersFile] = process.argv.slice(2);
const orders = JSON.parse(readFileSync(ordersFile, "utf8"));

const PHONE = { width: 360, height: 800 };
const PATIENCE = 30_000;

const browser = await launched(modules, orders.executable, orders.proxy);

// Kept in the page: what can be used and is shown, which of it the focus has come to, and how each looks without it.
function prepare() {
  const usable = "a[href], button, input, select, textarea, summary, audio[controls], video[controls], [tabindex]";
  const look = (element) => {
    const style = getComputedStyle(element);
    const outline = style.outlineStyle === "none" ? "" : `${style.outlineWidth} ${style.outlineColor}`;
    return [outline, style.boxShadow, style.backgroundColor, style.borderColor, style.textDecoration].join("|");
  };
  const waiting = new Map();
  for (const element of document.querySelectorAll(usable)) {
    const hidden = !element.checkVisibility({ visibilityProperty: true });
    if (element.tabIndex >= 0 && !element.disabled && !hidden) waiting.set(element, look(element));
  }
  globalThis.walk = { waiting, look, all: waiting.size, reached: new Set(), unseen: new Set() };
  return waiting.size;
}

function step() {
  const { walk } = globalThis;
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return "out";
  const before = walk.waiting.get(element);
  const again = walk.reached.has(element);
  walk.reached.add(element);
  // What only shows when it has the focus (a link past the menu) is seen by being there.
  const box = element.getBoundingClientRect();
  // Inside a player the focus is on one of the browser's own buttons, which show it.
  const same = before !== undefined && !element.matches("audio, video") && walk.look(element) === before;
  if (box.width < 2 || box.height < 2 || same) walk.unseen.add(element);
  return again ? "again" : "on";
}

function told() {
  const { walk } = globalThis;
  const opening = (element) => element.cloneNode(false).outerHTML.slice(0, 160);
  return {
    missed: [...walk.waiting.keys()].filter((element) => !walk.reached.has(element)).map(opening),
    unseen: [...walk.unseen].map(opening),
  };
}

const context = await browser.newContext({ viewport: PHONE, reducedMotion: "reduce" });
const answers = [];
for (const { path, url } of orders.pages) {
  const page = await context.newPage();
  await page.goto(url, { waitUntil: "load", timeout: PATIENCE });
  const all = await page.evaluate(prepare);
  let stops = 0;
  let where = "on";
  // A player has stops of its own that a page cannot tell apart, so the same element may have the focus for a while.
  for (let same = 0; where !== "out" && same < 30 && stops < all * 2 + 60; stops += 1) {
    await page.keyboard.press("Tab");
    where = await page.evaluate(step);
    same = where === "again" ? same + 1 : 0;
  }
  answers.push({ path, stops, trapped: where !== "out", ...(await page.evaluate(told)) });
  await page.close();
}
await browser.close();
writeFileSync(answersFile, JSON.stringify(answers));
