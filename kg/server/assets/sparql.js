"use strict";
// The editor asks this server only; the examples go into the open tab.
const settings = JSON.parse(document.getElementById("settings").textContent);

// The texts of an answer are shown as texts: none of them becomes an element, wherever the table puts it.
const written = (text) => String(text).replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const shortened = (iri, prefixes) => {
  const found = Object.entries(prefixes || {}).find(([, start]) => start && iri.startsWith(start));
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
};
const link = (iri, prefixes) => {
  const shown = written(shortened(iri, prefixes));
  return /^https?:\/\//i.test(iri)
    ? `<a class="iri" target="_blank" rel="noopener noreferrer" href="${written(iri)}">${shown}</a>`
    : shown;
};
const cell = (term, prefixes) => {
  if (term.type === "uri") return `<div><span>${link(term.value, prefixes)}</span></div>`;
  const mark = term["xml:lang"]
    ? `<sup>@${written(term["xml:lang"])}</sup>`
    : term.datatype
      ? `<sup>^^${link(term.datatype, prefixes)}</sup>`
      : "";
  return `<div><span class="nonIri">${written(term.value)}${mark}</span></div>`;
};
const Table = Yasr.plugins.table;
Table.prototype.getCellContent = cell;
Table.prototype.getColumns = function () {
  if (!this.yasr.results) return [];
  const prefixes = this.yasr.getPrefixes();
  const number = {
    name: "", searchable: false, width: `${this.getSizeFirstColumn()}px`, type: "num", orderable: false,
    visible: this.persistentConfig.compact !== true,
    render: (value, purpose) => (purpose === "display" ? `<div class="rowNumber">${Number(value)}</div>` : value),
  };
  return [number, ...this.yasr.results.getVariables().map((name) => ({
    name: written(name),
    title: written(name),
    render: (term, purpose) => (term === "" ? "" : purpose === "display" ? cell(term, prefixes) : written(term.value)),
  }))];
};

const yasgui = new Yasgui(document.getElementById("yasgui"), {
  requestConfig: { endpoint: new URL(settings.endpoint, location.href).href, method: "POST" },
  copyEndpointOnNewTab: true,
  persistenceId: null,
  endpointCatalogueOptions: { getData: () => [] },
  yasqe: { value: settings.examples[0].query, autocompleters: [], persistenceId: null },
});
const select = document.getElementById("examples");
for (const [number, example] of settings.examples.entries()) select.add(new Option(example.title, number));
select.addEventListener("change", () => yasgui.getTab().setQuery(settings.examples[select.value].query));
yasgui.getTab().setQuery(settings.examples[0].query);
