// The headless Chromium in which pages are looked at: it asks nothing of anybody of its own accord.
import { createRequire } from "node:module";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

// `modules` is a folder of Node packages; what lies beyond this machine is asked of `proxy`, where there is one.
export function launched(modules, executablePath, proxy = "") {
  const { chromium } = createRequire(`${modules}/`)("playwright-core");
  const args = proxy ? [...FLAGS, `--proxy-server=${proxy}`] : FLAGS;
  return chromium.launch({ executablePath, headless: true, args });
}
