"use strict";
// The editor asks this server only; the examples go into the open tab.
const settings = JSON.parse(document.getElementById("settings").textContent);
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
