// Shows what was saved: fetches this page again, and puts in what changed, where it stands.

const live = document.getElementById("live");
const here = () => document.documentElement.dataset.version;
let fetching = false;
let gone = 0;
let wanted = here();

function fetched() {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.pathname + location.search);
    request.responseType = "document"; // parsed, and nothing in it is run
    request.onload = () => (request.status === 200 ? resolve(request.response) : reject());
    request.onerror = reject;
    request.send();
  });
}

function ids(root) {
  return [...root.querySelectorAll("#messages article")].map((card) => card.id).join("\n");
}

function changed(fresh) {
  const cards = [];
  for (const card of fresh.querySelectorAll("#messages article")) {
    const old = document.getElementById(card.id);
    if (old?.outerHTML !== card.outerHTML) cards.push(card.id);
  }
  return cards;
}

function put(fresh, cards) {
  if (ids(fresh) === ids(document)) {
    for (const id of cards) document.getElementById(id).replaceWith(fresh.getElementById(id));
    swap(fresh, ".faults", ".count");
    swap(fresh, ".filters");
  } else {
    document.getElementById("messages").replaceWith(fresh.getElementById("messages"));
  }
  const open = document.getElementById("contents");
  if (!open.matches(":popover-open")) open.replaceWith(fresh.getElementById("contents"));
  document.documentElement.dataset.version = fresh.documentElement.dataset.version;
}

// `before` is where the part belongs when it was not there until now.
function swap(fresh, part, before) {
  const [old, now] = [document.querySelector(part), fresh.querySelector(part)];
  if (old && now) old.replaceWith(now);
  else if (old) old.remove();
  else if (now) document.querySelector(before).before(now);
}

function tell(cards) {
  clearTimeout(gone);
  if (document.getElementById("damaged")) {
    return live.replaceChildren("A file cannot be read: ", link("#damaged", "see where"));
  }
  gone = setTimeout(() => live.replaceChildren(), 8000);
  if (!cards.length) return live.replaceChildren("Saved. Nothing is different here.");
  const more = cards.length > 1 ? ` and ${cards.length - 1} more` : "";
  const first = link(`#${encodeURIComponent(cards[0])}`, cards[0].replace("button/", ""));
  live.replaceChildren("Changed: ", first, more);
  for (const id of cards.slice(0, 20)) document.getElementById(id)?.classList.add("changed");
}

function link(href, text) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  return made;
}

// The part before the dot is that of the files; the checks alone are no news to be told.
const files = (version) => version.split(".")[0];

async function refresh() {
  if (fetching) return;
  fetching = true;
  while (wanted !== here()) {
    try {
      const fresh = await fetched();
      const cards = changed(fresh);
      const saved = files(here()) !== files(fresh.documentElement.dataset.version);
      put(fresh, cards);
      if (saved) tell(cards);
      if (fresh.documentElement.dataset.version !== wanted) await pause(100);
    } catch {
      await pause(1000);
    }
  }
  fetching = false;
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const stream = new EventSource("/events");
stream.onmessage = (event) => {
  wanted = event.data;
  if (live.classList.contains("cut")) live.textContent = "";
  live.classList.remove("cut");
  refresh();
};
stream.onerror = () => {
  clearTimeout(gone);
  live.classList.add("cut");
  live.textContent = "The preview has been stopped.";
};

document.addEventListener("click", (event) => {
  const contents = document.getElementById("contents");
  if (event.target.closest("#contents a") && contents.matches(":popover-open")) {
    contents.hidePopover();
  }
});
