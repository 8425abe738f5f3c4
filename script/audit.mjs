// Scores of one page of each kind, held to 95; the claim's page also to its bytes and its blocking requests.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, site] = process.argv.slice(2);
const from = (path) => import(pathToFileURL(resolve(folder, "node_modules", path)));
const { default: lighthouse, desktopConfig } = await from("lighthouse/core/index.js");
const { launch } = await from("chrome-launcher/dist/index.js");

const LEAST = 95;
const MOST_BYTES = 60 * 1024;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

async function newest(path) {
  const answer = await fetch(`${site}${path}?page_size=1`);
  if (!answer.ok) throw new Error(`${site}${path} answered ${answer.status}; is the site running?`);
  const { results } = await answer.json();
  if (!results.length) throw new Error(`${site} has published nothing yet; script/server loads a demonstration.`);
  return results[0];
}

const verdict = await newest("/api/v1/verdicts/");
const source = await newest("/api/v1/sources/");
const pages = {
  home: `${site}/`,
  list: `${site}/claims/`,
  claim: site + new URL(verdict.url).pathname,
  source: `${site}/sources/${source.id}/`,
};

const chrome = await launch({
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
let failed = false;
try {
  console.log(["page", "as", ...CATEGORIES].join("\t"));
  for (const [name, url] of Object.entries(pages)) {
    // Demonstrations ask not to be indexed, which Lighthouse would hold against them.
    const noindex = (await (await fetch(url)).text()).includes('<meta name="robots" content="noindex">');
    const skipAudits = noindex ? ["is-crawlable"] : [];
    for (const [as, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
      const flags = { port: chrome.port, onlyCategories: CATEGORIES, skipAudits, logLevel: "error" };
      const { lhr } = await lighthouse(url, flags, config);
      const scores = CATEGORIES.map((category) => Math.round(lhr.categories[category].score * 100));
      console.log([name, as, ...scores].join("\t") + (noindex ? "\t(demonstration: noindex is not judged)" : ""));
      const poor = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score < 0.9);
      if (scores.some((score) => score < LEAST)) {
        failed = true;
        for (const audit of poor) console.log(`    ${audit.id}: ${audit.title}`);
      }
      if (name === "claim") {
        const requests = lhr.audits["network-requests"].details.items;
        const bytes = requests.reduce((sum, request) => sum + (request.transferSize || 0), 0);
        const blocking = lhr.audits["render-blocking-insight"]?.details?.items?.length ?? 0;
        console.log(`    ${requests.length} requests, ${bytes} bytes on the wire, ${blocking} blocking`);
        failed ||= bytes > MOST_BYTES || blocking > 1;
      }
    }
  }
} finally {
  chrome.kill();
}
process.exit(failed ? 1 : 0);
