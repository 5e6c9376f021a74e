// Adds to the share row what needs a script: the device's own way to share, copying, a Mastodon server to choose.
// It asks nobody for anything and keeps nothing, but the name of that server where a reader ticks so.
{
  const kit = document.getElementById("share_kit");
  const field = document.getElementById("share_address");
  const part = (name) => kit.content.querySelector(name);
  const KEPT = "share_server";

  const begin = () => {
    const row = field.closest(".share");
    const address = field.value;
    const { message } = kit.dataset;
    const told = part("[role=status]");
    let next;

    // What is said twice is announced twice only if it was gone between.
    const say = (words) => {
      clearTimeout(next);
      told.textContent = "";
      next = setTimeout(() => {
        told.textContent = kit.dataset[words];
        next = setTimeout(() => (told.textContent = ""), 6000);
      }, 50);
    };

    // A page that did not come by https has no clipboard but this old one.
    const copyByHand = (text) => {
      const before = document.activeElement;
      const area = document.createElement("textarea");
      area.value = text;
      row.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      before.focus();
      return done;
    };
    const copy = async (text) => {
      let done = true;
      try {
        if (navigator.clipboard) await navigator.clipboard.writeText(text);
        else done = copyByHand(text);
      } catch {
        done = false;
      }
      say(done ? "copied" : "failed");
      if (!done) field.select();
    };

    const label = field.labels[0];
    const link = document.createElement("button");
    link.type = "button";
    link.textContent = label.textContent;
    link.onclick = () => copy(address);
    field.setAttribute("aria-label", label.textContent);
    label.replaceWith(link);

    part("[name=message]").onclick = () => copy(message);

    const own = part("[name=device]");
    if (navigator.share) {
      const shared = { title: document.title, text: message.replace(address, "").trim(), url: address };
      own.onclick = () => navigator.share(shared).catch((stop) => stop.name === "AbortError" || say("failed"));
    } else own.parentNode.remove();

    // The words of a passage, and the address that finds them there: https://wicg.github.io/scroll-to-text-fragment/
    const quote = part("[name=words]");
    const encode = (words) => encodeURIComponent(words).replace(/-/g, "%2D");
    const place = (text) => {
      const lines = text.split(/\s*\n\s*/);
      const first = /^(?:\S+\s+){0,4}\S+/.exec(lines[0])[0];
      const last = /(?:\S+\s+){0,4}\S+$/.exec(lines.pop().slice(-300))[0];
      const whole = text.length < 80 && !lines.length;
      return `${address}#:~:text=${whole ? encode(text) : `${encode(first)},${encode(last)}`}`;
    };
    const body = document.getElementById("page_text");
    const title = document.querySelector("h1").textContent.trim();
    let hiding;
    document.addEventListener("selectionchange", () => {
      const chosen = getSelection();
      const text = chosen.isCollapsed || !body?.contains(chosen.getRangeAt(0).commonAncestorContainer) ? "" : `${chosen}`.trim();
      clearTimeout(hiding);
      // A finger that comes down on the button lets go of the words first.
      if (!text) hiding = setTimeout(() => (quote.hidden = true), 400);
      else {
        quote.hidden = false;
        quote.onclick = async () => {
          await copy(`${text}\n\n${title}\n${place(text)}`);
          quote.hidden = true;
        };
      }
    });

    const kept = (host) => {
      try {
        if (host) localStorage.setItem(KEPT, host);
        else if (host === "") localStorage.removeItem(KEPT);
        return localStorage.getItem(KEPT) || "";
      } catch {
        return "";
      }
    };
    // A handle or the address of a profile names its server as well.
    const hostOf = (typed) => {
      try {
        const name = typed.trim().replace(/^\w+:\/*/, "").split(/[/?#\\]/)[0].split("@").pop();
        const { host } = new URL(`https://${name}`);
        return /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(host) ? host : "";
      } catch {
        return "";
      }
    };
    const hub = document.getElementById("share_mastodon");
    const post = /[?#&]text=([^&#]+)/.exec(hub?.href);
    const dialog = part("dialog");
    if (post && dialog.showModal) {
      const { server, keep, forget } = dialog.firstElementChild.elements;
      const choose = document.createElement("button");
      choose.type = "button";
      choose.textContent = hub.textContent;
      choose.setAttribute("aria-haspopup", "dialog");
      choose.onclick = () => {
        server.value = kept();
        keep.checked = !!server.value;
        forget.hidden = !server.value;
        dialog.showModal();
      };
      hub.replaceWith(choose);
      server.oninput = () => server.setCustomValidity("");
      dialog.onsubmit = (event) => {
        const wish = event.submitter.name;
        if (wish === "forget") {
          kept("");
          say("forgotten");
        }
        if (wish !== "go") return;
        const host = hostOf(server.value);
        if (!host) {
          event.preventDefault();
          server.setCustomValidity(kit.dataset.wrong);
          server.reportValidity();
          return;
        }
        kept(keep.checked ? host : "");
        location.href = `https://${host}/share?text=${post[1]}`;
      };
    } else dialog.remove();

    const more = part("ul");
    row.querySelector("ul").prepend(...more.children);
    more.remove();
    row.append(...kit.content.children);
  };

  if (kit && field) {
    const style = part("link");
    style.onload = style.onerror = begin;
    document.head.append(style);
  }
}
