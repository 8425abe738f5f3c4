// Keeps a copy of every verdict right. Run it as often as you like: node follow.mjs COPIES
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

const SITE = "https://facts.example";
const copies = process.argv[2];

// The answer as a value. Waits and asks again while the site is busy (429) or its database away (503).
async function get(url) {
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(30000) });
    if (answer.ok) return answer.json();
    if (answer.status !== 429 && answer.status !== 503) throw new Error(await answer.text());
    await new Promise((done) => setTimeout(done, 1000 * Number(answer.headers.get("Retry-After") ?? 30)));
  }
}

mkdirSync(copies, { recursive: true });
const place = `${copies}/place.json`;
let seen = existsSync(place) ? JSON.parse(readFileSync(place)) : { sequence: 0, hash: "sha256:" + "0".repeat(64) };
let url = `${SITE}/api/v1/events/?after=${seen.sequence}&page_size=200`;
while (url) {
  const { results: events, head, next } = await get(url);
  if (head.sequence < seen.sequence || (events.length && events[0].previous_hash !== seen.hash))
    throw new Error("The history is not the one you followed. Ask the newsroom, or start again with an empty folder.");
  // One request for each verdict, however often it changed. The answer is its state now, whatever the event said.
  for (const id of new Set(events.map((event) => event.verdict.id))) {
    const verdict = await get(`${SITE}/api/v1/verdicts/${id}/`);
    // A withheld verdict is a stub without a text: written over your copy it is the deletion asked of you.
    writeFileSync(`${copies}/${id}.json`, JSON.stringify(verdict));
    console.log(verdict.status, verdict.url);
  }
  // Only now: whoever is stopped half-way meets this page again and loses nothing.
  if (events.length) {
    seen = { sequence: events.at(-1).sequence, hash: events.at(-1).hash };
    writeFileSync(place, JSON.stringify(seen));
  }
  url = next;
}
