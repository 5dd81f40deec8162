// The search of the site, without a server: `sections` stands above, each [page, place, language,
// title, text]. A section is found when every word begins a word of it.
const fold = (text) =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
const folded = sections.map(([, , , title, text]) => [" " + fold(title), " " + fold(text)]);

function search(query, language) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const escaped = words.map((word) => new RegExp("[^\\p{L}\\p{N}]" + word.replace(/[^\p{L}\p{N}]/gu, "\\$&"), "u"));
  const found = [];
  if (words.length > 0)
    sections.forEach((section, k) => {
      const [title, text] = folded[k];
      if (!escaped.every((word) => word.test(title) || word.test(text))) return;
      const inTitle = escaped.filter((word) => word.test(title)).length;
      const at = text.search(escaped[0]);
      found.push({ section, at, rank: (section[2] === language ? 100 : 0) + inTitle });
    });
  return found.sort((a, b) => b.rank - a.rank).slice(0, 20);
}

if (typeof document !== "undefined") {
  const field = document.querySelector("#search input");
  const list = document.querySelector("#search ol");
  const language = document.documentElement.lang;
  field.addEventListener("input", () => {
    list.replaceChildren(
      ...search(field.value, language).map(({ section: [page, place, , title, text], at }) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = field.dataset.top + page + (place && "#" + place);
        link.textContent = title;
        item.append(link, " ", text.slice(Math.max(0, at - 40), Math.max(0, at - 40) + 120));
        return item;
      }),
    );
  });
} else module.exports = { sections, search };
