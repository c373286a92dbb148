// What the page does beyond reading: opens what a link leads to, lights the exact words, leads back.
document.querySelectorAll("[data-needs-script]").forEach((e) => { e.hidden = false; });

const hasLights = typeof Highlight === "function" && CSS.highlights;
if (hasLights) document.documentElement.classList.add("has-lights");

// A DOM range over code points [start, end) of an article's marked sentences.
function rangeOf(article, start, end) {
  const range = document.createRange();
  let begun = false;
  for (const sentence of article.querySelectorAll(".sent")) {
    const [, from, to] = /-(\d+)-(\d+)$/.exec(sentence.dataset.v).map(Number);
    if (to <= start || from >= end) continue;
    const walker = document.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
    let at = from;
    while (walker.nextNode()) {
      const node = walker.currentNode, points = Array.from(node.data);
      const offset = (n) => points.slice(0, n).join("").length;
      if (!begun && at + points.length > start) { range.setStart(node, offset(Math.max(0, start - at))); begun = true; }
      if (begun && at + points.length >= end) { range.setEnd(node, offset(end - at)); return range; }
      at += points.length;
      if (begun) range.setEnd(node, node.data.length);
    }
  }
  return begun ? range : null;
}

function lightTarget(id, target) {
  if (!hasLights) return;
  CSS.highlights.delete("evidence");
  const match = /^d\d+-(\d+)-(\d+)$/.exec(id);
  const sentence = target.closest(".sent");
  const article = target.closest(".page");
  if (!article || !(match || sentence)) return;
  const [start, end] = match ? [match[1], match[2]] : sentence.dataset.v.split("-").slice(1);
  const range = rangeOf(article, Number(start), Number(end));
  if (range) CSS.highlights.set("evidence", new Highlight(range));
}

function openTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id && document.getElementById(id);
  if (!target) return;
  for (let node = target; node; node = node.parentElement) {
    if (node.tagName === "DETAILS") node.open = true;
    if (node.hidden) node.hidden = false;
  }
  (target.closest("details")?.querySelector(":scope > summary") || target).scrollIntoView({ block: target.closest(".page") ? "center" : "nearest" });
  target.scrollIntoView({ block: target.closest(".page") ? "center" : "start" });
  lightTarget(id, target);
}
addEventListener("hashchange", openTarget);
addEventListener("load", openTarget);
document.addEventListener("click", (event) => { // the same link a second time changes no hash
  const link = event.target.closest?.("a[href^='#']");
  if (link && link.getAttribute("href") === location.hash) setTimeout(openTarget);
});

// From evidence back to the entry that it was opened from.
const backButton = document.createElement("button");
backButton.type = "button";
backButton.className = "back";
backButton.hidden = true;
document.body.append(backButton);
const idOf = (entry) => entry.id || entry.querySelector(":scope > .body")?.id || "";
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.cite");
  const entry = link?.closest(".entry");
  const from = entry && idOf(entry);
  if (!link || !from || !(link.getAttribute("href") || "").startsWith("#")) return;
  backButton.dataset.to = from;
  backButton.textContent = `← Back to ${titleOf(entry)}`;
  backButton.hidden = false;
});
backButton.addEventListener("click", () => {
  backButton.hidden = true;
  location.hash = backButton.dataset.to;
});

// A click on a marked word names the entries that rest on it. By keyboard the sentence's number does.
let peek = null;
function closePeek() { peek?.remove(); peek = null; }
document.addEventListener("click", (event) => {
  const mark = event.target.closest?.(".sent mark");
  if (peek?.contains(event.target) && !event.target.closest("a")) return;
  closePeek();
  if (!mark) return;
  const wanted = new Set(mark.dataset.e.split(" "));
  const listed = document.getElementById(mark.closest(".sent").id + "r");
  peek = document.createElement("div");
  peek.className = "peek";
  const list = document.createElement("ul");
  for (const item of listed ? listed.children : []) {
    const link = item.querySelector("a");
    if (link ? wanted.has(link.hash.slice(1)) : wanted.has("t")) list.append(item.cloneNode(true));
  }
  peek.append(list);
  document.body.append(peek);
  const box = mark.getClientRects()[0];
  peek.style.top = `${box.bottom + scrollY + 6}px`;
  peek.style.left = `${Math.max(8, Math.min(box.left, innerWidth - peek.offsetWidth - 12)) + scrollX}px`;
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closePeek(); });

// Where one is, in the list of sections.
if (typeof IntersectionObserver === "function") {
  const links = new Map([...document.querySelectorAll("nav a[href^='#']")].map((a) => [a.hash.slice(1), a]));
  const seen = new IntersectionObserver((changes) => {
    for (const change of changes) {
      if (!change.isIntersecting) continue;
      links.forEach((link) => link.removeAttribute("aria-current"));
      links.get(change.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-15% 0px -80% 0px" });
  document.querySelectorAll("main > section").forEach((section) => seen.observe(section));
}

addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not(.capture):not([open])").forEach((d) => { d.open = true; d.dataset.forPrint = ""; });
});
addEventListener("afterprint", () => {
  document.querySelectorAll("details[data-for-print]").forEach((d) => { d.open = false; delete d.dataset.forPrint; });
});
