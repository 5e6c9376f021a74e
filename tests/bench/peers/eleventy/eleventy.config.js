// Eleventy's settings for the bench.
import markdownIt from "markdown-it";
import anchor from "markdown-it-anchor";

const BASE = "https://rivers.example";
const PAGE_SIZE = 10;
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

const strip = (html) => html.replace(/<[^>]+>/g, "");
const plain = (html) =>
  strip(html).replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&");
const newestFirst = (posts) => posts.sort((one, other) => other.date - one.date || (one.url < other.url ? 1 : -1));

// The posts of each tag, newest first; a tag's posts are asked for by every one of them.
function byTag(posts) {
  const found = new Map();
  for (const post of posts) {
    for (const tag of post.data.tags) {
      if (!found.has(tag)) found.set(tag, []);
      found.get(tag).push(post);
    }
  }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function chunks(list, size) {
  const found = [];
  for (let start = 0; start < list.length; start += size) found.push(list.slice(start, start + size));
  return found;
}

// The three posts that share most tags; the newest on a tie.
function related(post, tagged) {
  const shared = new Map();
  for (const tag of post.data.tags) {
    for (const other of tagged.get(tag)) {
      if (other !== post) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
  }
  const best = [];
  for (const [other, score] of shared) {
    if (best.length === 3 && score <= best[2].score) continue;
    best.push({ other, score });
    best.sort((one, next) => next.score - one.score || next.other.date - one.other.date);
    best.length = Math.min(best.length, 3);
  }
  return best.map(({ other }) => other);
}

export default function (config) {
  config.setLibrary("md", markdownIt({ html: true, typographer: true }).use(anchor, { tabIndex: false }));
  config.addPassthroughCopy("plain.css");
  config.addGlobalData("site", { title: "River notes", base: BASE, language: "en" });
  config.addGlobalData("layout", "base.njk");

  config.addCollection("posts", (all) => {
    const posts = newestFirst(all.getFilteredByGlob("content/posts/**/*.md"));
    const tagged = byTag(posts);
    posts.forEach((post, place) => {
      post.data.older = posts[place + 1];
      post.data.newer = posts[place - 1];
      post.data.related = related(post, tagged);
    });
    return posts;
  });
  config.addCollection("topics", (all) => {
    const tagged = byTag(newestFirst(all.getFilteredByGlob("content/posts/**/*.md")));
    return [...tagged].map(([tag, posts]) => ({ tag, url: `/tags/${tag}/`, count: posts.length, posts: posts.slice(0, 20) }));
  });
  config.addCollection("topicPages", (all) => {
    const tagged = byTag(newestFirst(all.getFilteredByGlob("content/posts/**/*.md")));
    return [...tagged].flatMap(([tag, posts]) => {
      const pages = chunks(posts, PAGE_SIZE);
      const address = (place) => (place ? `/tags/${tag}/page/${place + 1}/` : `/tags/${tag}/`);
      return pages.map((page, place) => ({
        tag,
        url: address(place),
        posts: page,
        older: place + 1 < pages.length ? address(place + 1) : "",
        newer: place ? address(place - 1) : "",
      }));
    });
  });
  config.addCollection("years", (all) => {
    const years = new Map();
    for (const post of newestFirst(all.getFilteredByGlob("content/posts/**/*.md"))) {
      const year = post.date.getUTCFullYear();
      if (!years.has(year)) years.set(year, []);
      years.get(year).push(post);
    }
    return [...years].map(([year, posts]) => ({ year, posts }));
  });

  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  config.addFilter("instant", (date) => `${date.toISOString().slice(0, 19)}Z`);
  config.addFilter("rfc822", (date) => date.toUTCString());
  config.addFilter("words", (date) => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`);
  config.addFilter("minutes", (html) => Math.ceil(strip(html).split(/\s+/).length / 230));
  config.addFilter("summary", (html) => plain(/<p>(.*?)<\/p>/s.exec(html)?.[1] ?? ""));
  config.addFilter("chapters", (html) =>
    [...html.matchAll(/<h2 id="([^"]+)"[^>]*>(.*?)<\/h2>/g)].map(([, id, title]) => ({ id, title: strip(title) })),
  );
  config.addFilter("json", (value) => JSON.stringify(value).replace(/</g, "\\u003c"));
  config.addFilter("first", (list, count) => list.slice(0, count));

  return {
    dir: { input: "content", includes: "../_includes", output: "output" },
    markdownTemplateEngine: "liquid",
    htmlTemplateEngine: "njk",
  };
}
