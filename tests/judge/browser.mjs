// Visits pages in one headless Chromium and writes down, as JSON, what each did and what axe-core finds in it.
//
// node browser.mjs MODULES ORDERS ANSWERS
// MODULES: a folder of Node packages. ORDERS: {executable, proxy, workers, now, pages: [{path, url, form}]}, where form
// is "page" (everything), "visit" (only what it asks for and says), "elsewhere" (sends readers on), and now the instant
// that pages are told it is, or "".
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { launched } from "./chromium.mjs";

const [modules, ordersFile, answersFile] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const orders = JSON.parse(readFileSync(ordersFile, "utf8"));

const PHONE = { width: 320, height: 640 };
const DESKTOP = { width: 1440, height: 900 };
const NARROW = PHONE;
const MODES = [
  { name: "desktop light", viewport: DESKTOP, colorScheme: "light" },
  { name: "desktop dark", viewport: DESKTOP, colorScheme: "dark" },
  { name: "phone dark", viewport: PHONE, colorScheme: "dark" },
  { name: "phone light", viewport: PHONE, colorScheme: "light" },
];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
const PATIENCE = 30_000;
// A beacon sent as a page is left reaches the proxy only after the page is gone.
const AFTERMATH = 300;

const browser = await launched(modules, orders.executable, orders.proxy);

function record(page, answer) {
  page.on("console", (message) => {
    const { url } = message.location();
    answer.console.push({ type: message.type(), text: message.text(), url });
  });
  page.on("pageerror", (problem) => answer.console.push({ type: "exception", text: String(problem), url: page.url() }));
  page.on("request", (request) => answer.requests.push(request.url()));
  page.on("requestfailed", (request) => {
    answer.failed.push({ url: request.url(), why: request.failure()?.errorText ?? "failed" });
  });
  page.on("response", (response) => {
    if (response.status() >= 400) answer.failed.push({ url: response.url(), why: `status ${response.status()}` });
  });
  page.on("dialog", (dialog) => {
    answer.console.push({ type: "dialog", text: dialog.message(), url: page.url() });
    void dialog.dismiss();
  });
  page.on("popup", (popup) => answer.requests.push(popup.url()));
}

async function settle(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}

function overflowing() {
  const width = document.documentElement.clientWidth;
  const beyond = document.documentElement.scrollWidth - width;
  if (beyond <= 0) return null;
  const isHeld = (element) => {
    for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
      if (getComputedStyle(above).overflowX !== "visible") return true;
    }
    return false;
  };
  const culprits = [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > width + 0.5 && !isHeld(element))
    .slice(0, 5)
    .map((element) => `<${element.localName}${element.className ? ` class="${element.className}"` : ""}>`);
  return { beyond, culprits };
}

function textBesideButtons() {
  const buttons = [...document.querySelectorAll("button")].filter((button) => !button.hidden);
  for (const button of buttons) button.hidden = true;
  const text = document.body.innerText;
  for (const button of buttons) button.hidden = false;
  return text;
}

// Pictures that load late and details that are closed are part of the page.
async function unfold(page) {
  await page.evaluate(async () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
      scrollTo(0, y);
      await new Promise((done) => setTimeout(done, 20));
    }
    scrollTo(0, 0);
    const pictures = [...document.images].filter((picture) => !picture.complete);
    await Promise.all(pictures.map((picture) => new Promise((done) => (picture.onload = picture.onerror = done))));
  });
}

function nodesOf(results) {
  return results.flatMap((rule) =>
    rule.nodes.map((node) => ({
      rule: rule.id,
      impact: node.impact ?? "",
      help: rule.help,
      target: node.target.flat(3).join(" "),
      html: node.html,
      why: [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; "),
    })),
  );
}

async function examine(page, answer) {
  await page.setViewportSize(NARROW);
  await settle(page);
  answer.text = await page.evaluate(() => document.body.innerText);
  answer.textBesideButtons = await page.evaluate(textBesideButtons);
  await page.setViewportSize(DESKTOP);
  await settle(page);
  answer.aria = await page.locator("body").ariaSnapshot();
  await unfold(page);
  await page.evaluate(axeSource);
  for (const mode of MODES) {
    await page.setViewportSize(mode.viewport);
    await page.emulateMedia({ colorScheme: mode.colorScheme, reducedMotion: "reduce" });
    await settle(page);
    const results = await page.evaluate(
      (tags) =>
        globalThis.axe.run(document, {
          runOnly: { type: "tag", values: tags },
          resultTypes: ["violations", "incomplete"],
        }),
      TAGS,
    );
    answer.modes[mode.name] = { violations: nodesOf(results.violations), review: nodesOf(results.incomplete) };
  }
  await page.setViewportSize(NARROW);
  await settle(page);
  answer.overflow = await page.evaluate(overflowing);
}

async function examineWithoutScript(context, order, answer) {
  const page = await context.newPage();
  record(page, answer);
  try {
    await page.setViewportSize(NARROW);
    await page.goto(order.url, { waitUntil: "load", timeout: PATIENCE });
    answer.textWithoutScript = await page.evaluate(() => document.body.innerText);
    answer.buttonsWithoutScript = await page.locator("button:visible").allTextContents();
    answer.overflowWithoutScript = await page.evaluate(overflowing);
  } finally {
    await page.close({ runBeforeUnload: false });
  }
}

async function visit(contexts, order) {
  const answer = {
    path: order.path, url: order.url, form: order.form, status: 0, arrived: "", console: [], requests: [], failed: [],
    modes: {}, aria: "", text: "", textBesideButtons: "", textWithoutScript: "", buttonsWithoutScript: [],
    overflow: null, overflowWithoutScript: null, trouble: "",
  };
  const page = await contexts.scripted.newPage();
  record(page, answer);
  try {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    const response = await page.goto(order.url, { waitUntil: "load", timeout: PATIENCE });
    answer.status = response?.status() ?? 0;
    if (order.form === "elsewhere") {
      await page.waitForURL((url) => url.href !== order.url, { waitUntil: "load", timeout: PATIENCE });
    }
    answer.arrived = page.url();
    if (order.form === "page") {
      await examine(page, answer);
      await examineWithoutScript(contexts.scriptless, order, answer);
    }
  } catch (problem) {
    answer.trouble = String(problem);
  } finally {
    // Left as a reader leaves it: handlers of pagehide run, and what they send is recorded.
    await page.goto("about:blank").catch(() => {});
    await page.close();
  }
  return answer;
}

const answers = [];
const queue = [...orders.pages];

async function work() {
  const contexts = {
    scripted: await browser.newContext({ viewport: DESKTOP }),
    scriptless: await browser.newContext({ viewport: NARROW, javaScriptEnabled: false }),
  };
  if (orders.now) await contexts.scripted.clock.setFixedTime(orders.now);
  for (let order = queue.shift(); order; order = queue.shift()) answers.push(await visit(contexts, order));
  await new Promise((done) => setTimeout(done, AFTERMATH));
  await contexts.scripted.close();
  await contexts.scriptless.close();
}

await Promise.all(Array.from({ length: orders.workers }, work));
await browser.close();
answers.sort((one, other) => (one.path < other.path ? -1 : 1));
writeFileSync(answersFile, JSON.stringify(answers));
