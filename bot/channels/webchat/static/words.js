// The page's own words, which can change language with the conversation.

let words = JSON.parse(document.body.dataset.words);

/** The text called `name`. */
export const say = (name) => words[name] ?? "";

/** Speak the conversation's language from now on. */
export function speak(locale, dir, spoken) {
  words = spoken;
  document.documentElement.lang = locale;
  document.documentElement.dir = dir;
  document.title = say("title");
  each("word", (element, text) => { element.textContent = text; });
  each("wordLabel", (element, text) => { element.setAttribute("aria-label", text); });
  each("wordTitle", (element, text) => { element.title = text; });
  each("wordPlaceholder", (element, text) => { element.placeholder = text; });
}

function each(key, put) {
  const attribute = "data-" + key.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
  for (const element of document.querySelectorAll(`[${attribute}]`)) put(element, say(element.dataset[key]));
}
