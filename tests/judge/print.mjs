// Prints pages in one headless Chromium and writes, as JSON on stdout, the sheets each takes on each kind of paper, and
// what of it reaches beyond the sheet; and what of its words is set too narrow to be read on a small phone.
//
// node print.mjs MODULES, with {executable, pages: [addresses], papers: [names]} as JSON on stdin
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { launched } from "./chromium.mjs";

const orders = JSON.parse(readFileSync(0, "utf8"));

const browser = await launched(resolve(process.argv[2]), orders.executable);
const PAPER = { width: 718, height: 980 };
const page = await browser.newPage({ viewport: PAPER });
const answers = [];
for (const url of orders.pages) {
  await page.goto(url, { waitUntil: "load" });
  await page.emulateMedia({ media: "print" });
  const hidden = await page.evaluate(() => {
    const sheet = document.querySelector("main").getBoundingClientRect();
    const strips = document.querySelector(".poster-strips").getBoundingClientRect();
    const found = strips.bottom > sheet.bottom + 1 ? ["the strips"] : [];
    for (const element of document.querySelectorAll("main *:not(svg, svg *)")) {
      const box = element.getBoundingClientRect();
      const out = box.left < sheet.left - 1 || box.right > sheet.right + 1 || box.bottom > sheet.bottom + 1;
      if (out) found.push(`${element.localName}.${element.className}`);
      const next = element.nextElementSibling?.getBoundingClientRect();
      const column = getComputedStyle(element.parentElement).flexDirection === "column";
      if (column && next && next.height && next.top < box.bottom - 1) found.push(`${element.className} over the next`);
    }
    return found;
  });
  const sheets = {};
  for (const format of orders.papers) {
    const printed = (await page.pdf({ format, preferCSSPageSize: false, printBackground: false })).toString("latin1");
    sheets[format] = (printed.match(/\/Type\s*\/Page[^s]/g) ?? []).length;
  }
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 320, height: 740 });
  const crushed = await page.evaluate(() =>
    [...document.querySelectorAll("main :is(p, h1, h2)")]
      .filter((element) => element.clientWidth < 200)
      .map((element) => `${element.localName}.${element.className}: ${element.clientWidth} pixels wide`),
  );
  await page.setViewportSize(PAPER);
  answers.push({ url, sheets, hidden, crushed });
}
await browser.close();
process.stdout.write(JSON.stringify(answers));
