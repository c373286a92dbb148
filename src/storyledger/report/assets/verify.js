// The check that the page makes of itself: hash each capture, decode it, derive each quotation anew
// through the source map, and compare with the words that stand on the page.
const PROOF = JSON.parse(document.getElementById("proof").textContent);
const pause = () => new Promise((done) => setTimeout(done));

// A text by code points: plain slices where no character is outside the first plane.
class Points {
  constructor(text) { this.text = /[\ud800-\udfff]/.test(text) ? Array.from(text) : text; }
  get length() { return this.text.length; }
  cut(start, end) {
    const piece = this.text.slice(start, end);
    return typeof piece === "string" ? piece : piece.join("");
  }
}

async function unpack(gz) {
  const packed = Uint8Array.from(atob(gz), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function decodeBytes(bytes, label) {
  if (label === "iso8859-1" || label === "ascii") { // the web's decoder reads these as windows-1252
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return label === "ascii" ? text.replace(/[\x80-\xff]/g, "\ufffd") : text;
  }
  let name = label.replace(/_/g, "-").replace("shift-jis", "shift_jis");
  if (name === "utf-16") name = bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-16le";
  return new TextDecoder(name).decode(bytes);
}

function unescapeEntities(source) {
  const area = document.createElement("textarea");
  area.innerHTML = "x" + source; // the x keeps a leading newline; a textarea runs nothing
  return area.value.slice(1);
}

// The words at [start, end) of the article, from the capture; null where the map leads nowhere.
function deriveWords(doc, start, end, shown) {
  const { map, source } = doc;
  let low = 0, high = map.length / 4;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (map[4 * middle + 1] > start) high = middle; else low = middle + 1;
  }
  let words = "", at = start;
  const gap = (to) => { // a newline put between paragraphs has no source: only space may stand there
    const piece = shown.cut(at - start, to - start);
    if (/\S/.test(piece)) return false;
    words += piece;
    at = to;
    return true;
  };
  for (let row = 4 * low; row < map.length && map[row] < end; row += 4) {
    const [ts, te, ss, se] = map.slice(row, row + 4);
    if (at < ts && !gap(ts)) return null;
    const to = Math.min(end, te);
    if (te - ts === se - ss) words += source.cut(ss + at - ts, ss + to - ts);
    else if (at === ts && to === te) words += unescapeEntities(source.cut(ss, se));
    else return null;
    at = to;
  }
  return at < end && !gap(end) ? null : words;
}

const plain = (text) => text.replace(/\r\n?/g, "\n").replace(/\0/g, "");

async function openCapture(doc) {
  try {
    const bytes = await unpack(doc.gz);
    doc.hash = sha256(bytes);
    if (doc.hash !== doc.sha) doc.fault = "its capture is not the one that was recorded: the hash differs";
    doc.source = new Points(decodeBytes(bytes, doc.enc));
  } catch (error) {
    if (error instanceof RangeError) doc.unknown = `this browser cannot decode ${doc.enc}`;
    else doc.fault = "its capture is damaged: it cannot be unpacked";
  }
}

const captures = new Map();
globalThis.storyledgerCapture = (doc) => captures.set(doc.n, doc);

function loadScript(name) {
  return new Promise((done) => {
    const script = document.createElement("script");
    script.onload = () => done(true);
    script.onerror = () => done(false);
    script.src = name;
    document.head.append(script);
  });
}

async function gatherCaptures(wanted, tell) {
  if (!PROOF.folder) for (const doc of PROOF.documents) captures.set(doc.n, { ...doc });
  else for (const n of PROOF.numbers) {
    if (wanted.has(n) && !captures.has(n)) await loadScript(`captures/${n}.js`);
  }
  let count = 0;
  for (const doc of captures.values()) {
    if (doc.same) {
      const twin = captures.get(doc.same);
      doc.source = twin.source;
      doc.unknown = twin.unknown;
      doc.fault = twin.fault || (twin.hash === doc.sha ? undefined : "its capture is not the one that was recorded");
    } else if (doc.gz) await openCapture(doc);
    else doc.unknown = "its capture is not in this file";
    if (++count % 8 === 0) { tell(`${count} captures hashed`); await pause(); }
  }
}

// What does not hold of one quotation: "" where it holds, null where it cannot be checked.
function faultOf(element) {
  const [, n, start, end] = /^d(\d+)-(-?\d+)-(-?\d+)$/.exec(element.dataset.v) || [];
  const doc = captures.get(Number(n));
  if (!doc || doc.unknown) return null;
  if (doc.fault) return doc.fault;
  const shown = new Points(element.textContent);
  if (shown.length !== end - start && plain(element.textContent).length === 0) return "no words stand here";
  const words = deriveWords(doc, Number(start), Number(end), shown);
  if (words === null) return "it leads to no place in the capture";
  return plain(words) === plain(element.textContent) ? "" : `the capture has: “${words.slice(0, 160)}”`;
}

function sealEntry(entry, state, fault) {
  entry.classList.remove("holds", "fails", "unchecked");
  entry.classList.add(state);
  if (state !== "fails") return;
  const seal = document.createElement("p");
  seal.className = "seal";
  seal.textContent = `Does not hold: ${fault}`;
  const spot = entry.querySelector(":scope > .body") || entry;
  if (entry.classList.contains("page")) entry.querySelector("header").append(seal);
  else spot.append(seal);
}

async function verifyAll(tell) {
  document.querySelectorAll(".seal").forEach((seal) => seal.remove());
  document.querySelectorAll(".broken").forEach((e) => e.classList.remove("broken"));
  const quotes = [...document.querySelectorAll("[data-v]")];
  const wanted = new Set(quotes.map((q) => Number(/^d(\d+)/.exec(q.dataset.v)[1])));
  captures.clear();
  await gatherCaptures(wanted, tell);
  const entries = new Map();
  const tally = { held: 0, broken: 0, unknown: 0, captures: 0, faulty: 0 };
  for (const doc of captures.values()) {
    if (doc.fault) tally.faulty++;
    else if (!doc.unknown) tally.captures++;
    const row = document.querySelector(`#sources [data-document="${doc.n}"]`);
    if (row) entries.set(row, { fault: doc.fault || "", unknown: !!doc.unknown });
  }
  for (let i = 0; i < quotes.length; i++) {
    const fault = faultOf(quotes[i]);
    tally[fault === null ? "unknown" : fault ? "broken" : "held"]++;
    if (fault) quotes[i].classList.add("broken");
    const entry = quotes[i].closest(".entry, .page");
    const state = entries.get(entry) || { fault: "", unknown: false };
    state.fault ||= fault || "";
    state.unknown ||= fault === null;
    if (entry) entries.set(entry, state);
    if (i % 400 === 399) { tell(`${i + 1} of ${quotes.length} quotations`); await pause(); }
  }
  const failed = [];
  for (const [entry, state] of entries) {
    sealEntry(entry, state.fault ? "fails" : state.unknown ? "unchecked" : "holds", state.fault);
    if (state.fault) failed.push(entry);
  }
  return { tally, failed };
}

function giveVerdict(verdict, { tally, failed }) {
  const many = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
  const good = !failed.length;
  let words = good
    ? `All hold: ${many(tally.held, "quotation")}, ${many(tally.captures, "capture")} with the recorded hash.`
    : `${many(tally.broken, "quotation")} of ${(tally.held + tally.broken).toLocaleString("en")}`
      + `${tally.faulty ? ` and ${many(tally.faulty, "capture")}` : ""} ${tally.broken + tally.faulty === 1 ? "does" : "do"} not hold.`;
  if (tally.unknown) words += ` ${many(tally.unknown, "quotation")} cannot be checked: no capture in this file.`;
  verdict.textContent = words;
  verdict.className = good ? (tally.held ? "good" : "hush") : "bad";
  if (good) return;
  const list = document.createElement("ol");
  for (const entry of failed.slice(0, 20)) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = "#" + (entry.id || entry.querySelector("[id]")?.id || "main");
    link.textContent = titleOf(entry);
    item.append(link);
    list.append(item);
  }
  verdict.append(list);
}

const titleOf = (entry) => {
  const head = entry.querySelector("h3, h4, .what, .name, .position, th[scope=row], q, td");
  const words = (head || entry).textContent.trim().replace(/\s+/g, " ");
  return words.length > 70 ? words.slice(0, 69) + "…" : words;
};

const verifyButton = document.getElementById("verify");
verifyButton?.addEventListener("click", async () => {
  const verdict = document.getElementById("verdict");
  verifyButton.disabled = true;
  verdict.className = "hush";
  const tell = (words) => { verdict.textContent = words + " …"; };
  tell("Hashing the captures");
  try {
    giveVerdict(verdict, await verifyAll(tell));
  } finally {
    verifyButton.disabled = false;
  }
});
