// Passes an article on in a headless Chromium, in every way the script of the share row adds, and writes down what came of it.
//
// node share.mjs MODULES ORDERS ANSWERS
// MODULES: a folder of Node packages. ORDERS: {executable, proxy, url}, where url is the page of an article.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { launched } from "./chromium.mjs";

const [modules, ordersFile, answersFile] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const { executable, proxy, url } = JSON.parse(readFileSync(ordersFile, "utf8"));

const PHONE = { width: 360, height: 740 };
const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "form-action 'none'", "base-uri 'none'",
].join("; ");
const STORED = () => [{ ...localStorage }, { ...sessionStorage }, document.cookie];

const browser = await launched(modules, executable, proxy);

// A reader with a browser of their own: what the page asks for and complains of is written down, other hosts answer nothing.
async function reader(told, { clipboard = "allowed", native = false, script = true, dialogs = true } = {}) {
  const context = await browser.newContext({ viewport: PHONE, javaScriptEnabled: script, reducedMotion: "reduce" });
  if (clipboard === "allowed") await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  const here = new URL(url).origin;
  told.beyond ??= [];
  told.console ??= [];
  await page.addInitScript(
    ({ clipboard, native, dialogs }) => {
      if (clipboard === "absent") Object.defineProperty(navigator, "clipboard", { value: undefined });
      if (clipboard === "refused") navigator.clipboard.writeText = () => Promise.reject(new DOMException("", "NotAllowedError"));
      if (native) navigator.share = (given) => ((window.given = given), Promise.reject(new DOMException("", native)));
      else navigator.share = undefined;
      if (!dialogs) HTMLDialogElement.prototype.showModal = undefined;
    },
    { clipboard, native, dialogs },
  );
  await context.route("**/*", async (route) => {
    const asked = route.request().url();
    if (new URL(asked).origin !== here) {
      told.beyond.push(asked);
      return route.fulfill({ status: 200, contentType: "text/html", body: "<title>Elsewhere</title>" });
    }
    const response = await route.fetch();
    return route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": POLICY } });
  });
  page.on("console", (message) => told.console.push(message.text()));
  page.on("pageerror", (problem) => told.console.push(String(problem)));
  await page.goto(url, { waitUntil: "load" });
  if (script) await page.waitForSelector(".share [name=message]");
  return page;
}

const button = (page, name) => page.getByRole("button", { name, exact: true });
const pasted = (page) => page.evaluate(() => navigator.clipboard.readText());
const heard = async (page) => {
  await page.waitForFunction(() => document.querySelector(".share [role=status]").textContent);
  return page.locator(".share [role=status]").textContent();
};

const scenes = {
  async copying(told) {
    const page = await reader(told);
    await button(page, "Copy link").click();
    told.link = [await heard(page), await pasted(page)];
    await button(page, "Copy message").focus();
    await page.keyboard.press("Enter");
    await page.waitForTimeout(200);
    told.message = [await heard(page), await pasted(page)];
    told.buttons = await page.locator(".share button:visible").allTextContents();
    told.low = await page.evaluate(() =>
      [...document.querySelectorAll(".share button, .share dialog label, .share a")]
        .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
        .map((each) => each.outerHTML),
    );
    told.stored = await page.evaluate(STORED);
  },
  async copying_by_hand(told) {
    const page = await reader(told, { clipboard: "absent" });
    await page.evaluate(() => document.addEventListener("copy", () => (window.copied = `${document.activeElement.value}`)));
    await button(page, "Copy message").click();
    told.said = await heard(page);
    told.copied = await page.evaluate(() => window.copied);
    told.focus = await page.evaluate(() => document.activeElement.textContent);
  },
  async copying_refused(told) {
    const page = await reader(told, { clipboard: "refused" });
    await button(page, "Copy message").click();
    told.said = await heard(page);
    told.chosen = await page.evaluate(() => String(getSelection()));
  },
  async device(told) {
    const page = await reader(told, { native: "AbortError" });
    await button(page, "Share…").click();
    told.given = await page.evaluate(() => window.given);
    told.said = await page.locator(".share [role=status]").textContent();
    told.first = await page.locator(".share li").first().textContent();
  },
  async device_fails(told) {
    const page = await reader(told, { native: "NotAllowedError" });
    await button(page, "Share…").click();
    told.said = await heard(page);
  },
  async server(told) {
    const page = await reader(told);
    const dialog = page.getByRole("dialog", { name: "Mastodon" });
    const field = dialog.getByRole("textbox");
    await button(page, "Mastodon").click();
    told.focused = await field.evaluate((each) => each === document.activeElement);
    told.axe = await (async () => {
      await page.evaluate(axeSource);
      const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      return found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target).join(", ")}`);
    })();
    told.forget_offered = await button(page, "Forget my server").isVisible();
    told.refused = [];
    for (const typed of ["", "mastodon", "127.0.0.1", "a b.social", "x.social:8080", "javascript:alert(1)", ".social", "a..b"]) {
      await field.fill(typed);
      await field.press("Enter");
      if (await dialog.isVisible()) told.refused.push(typed);
    }
    told.wrong = await field.evaluate((each) => each.validationMessage);
    await page.keyboard.press("Escape");
    told.closed = [await dialog.isVisible(), await page.evaluate(() => document.activeElement.textContent)];
    told.opened = [];
    for (const typed of ["mastodon.social", "https://Mastodon.Social/@me", "@me@bücher.example", " x.social/about "]) {
      await button(page, "Mastodon").click();
      await field.fill(typed);
      await Promise.all([page.waitForURL((now) => now.origin !== new URL(url).origin), button(page, "Write a post").click()]);
      told.opened.push(page.url());
      await page.goBack({ waitUntil: "load" });
      await page.waitForSelector(".share [name=message]");
    }
    told.stored = await page.evaluate(STORED);
  },
  async server_kept(told) {
    const page = await reader(told);
    const dialog = page.getByRole("dialog", { name: "Mastodon" });
    const leave = async (tick) => {
      await dialog.getByRole("checkbox").setChecked(tick);
      await Promise.all([page.waitForURL((now) => now.origin !== new URL(url).origin), button(page, "Write a post").click()]);
      await page.goBack({ waitUntil: "load" });
      await page.waitForSelector(".share [name=message]");
    };
    await button(page, "Mastodon").click();
    told.ticked_at_first = await dialog.getByRole("checkbox").isChecked();
    await dialog.getByRole("textbox").fill("mastodon.social");
    await leave(true);
    told.kept = await page.evaluate(STORED);
    await button(page, "Mastodon").click();
    told.filled = await dialog.getByRole("textbox").inputValue();
    await leave(false);
    told.unticked = await page.evaluate(STORED);
    await button(page, "Mastodon").click();
    await dialog.getByRole("textbox").fill("mastodon.social");
    await leave(true);
    await button(page, "Mastodon").click();
    await button(page, "Forget my server").click();
    told.said = await heard(page);
    told.forgotten = await page.evaluate(STORED);
    await button(page, "Mastodon").click();
    told.empty = await dialog.getByRole("textbox").inputValue();
    await button(page, "Close").click();
    told.closed = await dialog.isVisible();
  },
  async without_dialogs(told) {
    const page = await reader(told, { dialogs: false });
    told.mastodon = await page.locator(".share").getByRole("link", { name: "Mastodon" }).getAttribute("href");
  },
  async words(told) {
    const page = await reader(told);
    const offer = button(page, "Copy these words with a link");
    told.offered_at_first = await offer.isVisible();
    const mark = (first, last) =>
      page.evaluate(
        ([first, last]) => {
          const texts = [...document.querySelectorAll("#page_text p")].map((paragraph) => paragraph.firstChild);
          const [from, to] = [first, last].map((words) => texts.find((text) => text.data.includes(words)));
          getSelection().setBaseAndExtent(from, from.data.indexOf(first), to, to.data.indexOf(last) + last.length);
        },
        [first, last],
      );
    told.copied = [];
    for (const [first, last] of [["well-known", "mill,"], ["The well", "asked whether"], ["may run", "seven & no"]]) {
      await mark(first, last);
      await offer.click();
      await page.waitForFunction(() => document.querySelector(".share [role=status]").textContent);
      told.copied.push(await pasted(page));
    }
    await page.evaluate(() => getSelection().selectAllChildren(document.querySelector("h1")));
    await offer.waitFor({ state: "hidden" });
    told.found = [];
    for (const copied of told.copied) {
      const place = new URL(copied.slice(copied.lastIndexOf("\n") + 1));
      await page.goto("about:blank");
      await page.goto(url + place.hash, { waitUntil: "load" });
      await page.waitForTimeout(300);
      told.found.push(await page.evaluate(() => scrollY > 0));
    }
  },
  async without_script(told) {
    const page = await reader(told, { script: false });
    told.buttons = await page.locator("button:visible, dialog:visible").count();
    told.words = (await page.locator(".share").innerText()).split("\n").filter((line) => line.trim());
    told.mastodon = await page.locator(".share").getByRole("link", { name: "Mastodon" }).getAttribute("href");
    told.address = await page.locator("#share_address").inputValue();
    await page.locator("#page_text h2 a").first().click();
    told.place = new URL(page.url()).hash;
  },
};

const answers = {};
for (const [name, play] of Object.entries(scenes)) {
  const told = (answers[name] = {});
  try {
    await play(told);
  } catch (problem) {
    told.trouble = String(problem);
  }
  for (const context of browser.contexts()) {
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
}
await browser.close();
writeFileSync(answersFile, JSON.stringify(answers));
