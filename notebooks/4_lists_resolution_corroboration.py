# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4. Lists, resolution and corroboration
#
# An article says that eight companies were blacklisted. The official list says so too, in other spellings and with the
# date, the legal text and the reason. This notebook puts the two together and shows what each confirms of the other.

# %%
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

import kg
from kg.resolve.corroboration import corroborate
from kg.lists.importer import import_list
from kg.resolve import resolve
from kg.resolve.screening import screen_names

EXAMPLES = Path("../examples") if Path("../examples").is_dir() else Path("examples")
pd.set_option("display.max_colwidth", 100)
folder = Path(mkdtemp())
kg.build(
    [EXAMPLES / "china-to-hit-back-over-us-tech-blacklist.txt"], date="2019-10-08", store=folder / "store", out=folder
)
store = kg.open_store(folder / "store")

# %% [markdown]
# ## The list
#
# `examples/entity-list-2019-10-09.csv` holds the entries that the Federal Register of 9 October 2019 added to the Entity
# List. Every entry becomes a node with its names and its listing, and the row of the file is its evidence.

# %%
(report,) = import_list(store, "entity-list", [EXAMPLES / "entity-list-2019-10-09.csv"])
print(report.title, "of", report.version, "-", report.tally.counts["entries"], "entries")
answer = store.query("""
SELECT DISTINCT ?name ?date ?authority {
  GRAPH ?g { ?c kg:predicate kg:listed_by ; kg:subject/skos:prefLabel ?name ; kg:object/skos:prefLabel ?authority .
             OPTIONAL { ?c kg:date ?date } }
  ?g a dcat:Dataset } ORDER BY ?name LIMIT 10
""")
pd.DataFrame(answer.values(), columns=answer.variables)

# %% [markdown]
# ## Which nodes are the same?
#
# The article says "Hikvision", the list "Hangzhou Hikvision Digital Technology Co., Ltd.". Every pair that could be one gets a
# verdict with reasons: `same`, `different` or `unsure`. Nothing is merged in the sources; the verdicts stand in a graph of
# their own and can be taken back.

# %%
resolve(store)
answer = store.query("""
SELECT DISTINCT ?left ?right ?verdict ?score (GROUP_CONCAT(?why; separator="; ") AS ?reasons) {
  ?j a kg:Judgement ; kg:verdict ?v ; kg:left/skos:prefLabel ?left ; kg:right/skos:prefLabel ?right ; kg:score ?score .
  OPTIONAL { ?j kg:reason ?why }
  BIND (STRAFTER(STR(?v), "#") AS ?verdict)
} GROUP BY ?j ?left ?right ?verdict ?score ORDER BY DESC(?score) ?left ?right
""")
pd.DataFrame(answer.values(), columns=answer.variables)

# %% [markdown]
# ## What the list says about the article
#
# `confirmed`: both say it. `text_only`: no imported list does, which may only mean that the right list was not imported.
# `list_only`: no text that was read does. `conflict`: both cannot hold.

# %%
for corroboration in corroborate(store):
    print("-", corroboration)

# %% [markdown]
# ## Screening
#
# A name from your own books, spelt as it happens to be spelt there. Every match says how it fits and what speaks against
# it. A match is a question for a person, never an answer.

# %%
names = ["Hikvision Digital", "Zhejiang Dahua Technology Co Ltd", "SenseTime", "Dahlia Flowers Ltd"]
pd.DataFrame(
    {
        "asked": name,
        "match": match.name,
        "score": round(match.score, 2),
        "best name": match.alias,
        "why": "; ".join(match.reasons),
    }
    for name, matches in screen_names(store, names).items()
    for match in matches[:2]
)

# %% [markdown]
# A name without a row above had no match.

# %%
store.close()
