// Search over all: entries and sentences, every word must occur, "a phrase" as it stands. One file reads
// its own page on the first use; a folder loads the list that was written beside it.
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
  .replace(/[“”„«»]/g, '"').replace(/[‘’ʼ]/g, "'").replace(/(\d),(?=\d{3})/g, "$1").replace(/\s+/g, " ");
const GROUPS = [["actor", "Actors"], ["event", "Events"], ["quantity", "Numbers"], ["figure", "Figures"],
  ["comparison", "Where accounts differ"], ["statement", "Statements"], ["source", "Sources"], ["sentence", "In the pages"]];
const SHOWN = 6;
let searchRows = null;

function readEntry(entry) {
  const kind = GROUPS.map(([k]) => k).find((k) => entry.classList.contains(k))
    || (entry.id.startsWith("source") ? "source" : entry.classList.contains("line") ? "event" : null);
  const id = entry.id || entry.querySelector(":scope > .body")?.id;
  if (!kind || !id) return null;
  const head = { quantity: "h3", actor: "summary" }[kind];
  const text = (head ? "" : (entry.dataset.find ? entry.dataset.find + ": " : "")) + (head ? entry.querySelector(head) : entry).textContent;
  return { kind, href: "#" + id, text: text.replace(/\s+/g, " ").trim() };
}

async function loadRows() {
  if (searchRows) return searchRows;
  let rows;
  if (PROOF.folder) {
    rows = await new Promise((done) => {
      globalThis.storyledgerSearch = (list) => done(list.map(([kind, href, text]) => ({ kind, href, text })));
      loadScript("assets/search.js").then((loaded) => { if (!loaded) done([]); });
    });
  } else {
    rows = [...document.querySelectorAll(".entry")].map(readEntry).filter(Boolean);
    for (const s of document.querySelectorAll(".sent")) rows.push({ kind: "sentence", href: "#" + s.id, text: s.textContent.trim() });
  }
  for (const row of rows) row.folded = fold(row.text);
  searchRows = rows;
  return rows;
}

function parseQuery(query) {
  const words = [];
  fold(query).replace(/"([^"]+)"?|(\S+)/g, (_, phrase, word) => { words.push((phrase ?? word).trim()); });
  return words.filter(Boolean);
}

function findRows(rows, words) {
  const found = new Map(GROUPS.map(([kind]) => [kind, []]));
  const whole = words.join(" ");
  for (const row of rows) {
    if (!words.every((w) => row.folded.includes(w))) continue;
    const at = row.folded.indexOf(words[0]);
    const edge = at === 0 || !/[\p{L}\p{N}]/u.test(row.folded[at - 1]);
    found.get(row.kind)?.push({ row, rank: (row.folded.startsWith(whole) ? 0 : row.folded.includes(whole) ? 1 : 2) + (edge ? 0 : 3) });
  }
  for (const list of found.values()) list.sort((a, b) => a.rank - b.rank);
  return found;
}

function snippet(row, words) {
  const at = Math.max(0, row.folded.indexOf(words[0]));
  const start = at > 60 ? row.text.lastIndexOf(" ", at - 30) + 1 : 0;
  const link = document.createElement("a");
  link.href = row.href;
  const text = (start ? "…" : "") + row.text.slice(start, start + 150) + (row.text.length > start + 150 ? "…" : "");
  const plainWords = words.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  let last = 0;
  for (const match of text.matchAll(new RegExp(plainWords, "giu"))) {
    link.append(text.slice(last, match.index));
    const mark = document.createElement("mark");
    mark.textContent = match[0];
    link.append(mark);
    last = match.index + match[0].length;
  }
  link.append(text.slice(last));
  return link;
}

function showFound(box, count, found, words) {
  box.replaceChildren();
  let total = 0;
  for (const [kind, title] of GROUPS) {
    const list = found.get(kind);
    total += list.length;
    if (!list.length) continue;
    const head = document.createElement("h3");
    head.textContent = list.length > SHOWN ? `${title}: ${SHOWN} of ${list.length}` : `${title}: ${list.length}`;
    const items = document.createElement("ol");
    for (const { row } of list.slice(0, SHOWN)) {
      const item = document.createElement("li");
      item.append(snippet(row, words));
      items.append(item);
    }
    box.append(head, items);
  }
  count.textContent = total ? `${total.toLocaleString("en")} found` : "Nothing found";
  box.hidden = !total;
}

const searchForm = document.getElementById("search");
if (searchForm) {
  const input = document.getElementById("find"), box = document.getElementById("found");
  const count = document.getElementById("found-count");
  const close = () => { box.hidden = true; };
  document.body.append(box); // a fixed list inside the scrolling side would be cut off
  const search = async () => {
    const words = parseQuery(input.value);
    if (!words.some((w) => w.length > 1 || /\d/.test(w))) { close(); count.textContent = ""; return; }
    const rows = await loadRows();
    showFound(box, count, findRows(rows, words), words);
    const { right, top } = input.getBoundingClientRect();
    const beside = innerWidth > 900;
    box.style.left = beside ? `${right + 16}px` : "1rem";
    box.style.top = beside ? "1rem" : `${Math.max(8, top + input.offsetHeight + 8)}px`;
  };
  let timer;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 90); });
  searchForm.addEventListener("submit", (e) => { e.preventDefault(); search().then(() => box.querySelector("a")?.focus()); });
  const step = (e) => {
    if (e.key === "Escape") { close(); input.focus(); return; }
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    const links = [...box.querySelectorAll("a")];
    if (box.hidden || !links.length) return;
    e.preventDefault();
    const next = links.indexOf(document.activeElement) + (e.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? input : links[Math.min(next, links.length - 1)]).focus();
  };
  input.addEventListener("keydown", step);
  box.addEventListener("keydown", step);
  box.addEventListener("click", (e) => { if (e.target.closest("a")) close(); });
  document.addEventListener("click", (e) => { if (!box.contains(e.target) && !searchForm.contains(e.target)) close(); });
}
