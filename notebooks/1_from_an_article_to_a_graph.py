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
# # 1. From an article to a graph
#
# A newspaper article goes in; a graph comes out in which every edge carries the words that prove it. You need no
# programming to follow: run the cells from the top and read what is below each.

# %%
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

import kg

EXAMPLES = Path("../examples") if Path("../examples").is_dir() else Path("examples")
ARTICLE = EXAMPLES / "china-to-hit-back-over-us-tech-blacklist.txt"
pd.set_option("display.max_colwidth", 90)

# %% [markdown]
# ## Reading
#
# `kg.read` takes files, folders or archives of texts. The date is that of publication: without it, "on Monday" means
# nothing.

# %%
(document,) = kg.read([ARTICLE], date="2019-10-08")
print(document.text[:480], "...")

# %% [markdown]
# ## What the article says
#
# `kg.extract` finds the people, companies, bodies and places, and what the text says of them. Each row below is one
# *claim*: who, what, whom; how the text presents it (`status`); and when.

# %%
(extraction,) = kg.extract([document])
names = {entity.id: entity.name for entity in extraction.entities}
claims = pd.DataFrame(
    {
        "subject": names[claim.subject],
        "predicate": claim.predicate,
        "object": names.get(claim.object, claim.object),
        "status": str(claim.status),
        "date": claim.date or "",
        "confidence": round(claim.confidence, 2),
    }
    for claim in extraction.claims
)
claims

# %% [markdown]
# ## The words behind a claim
#
# A claim is only worth as much as its proof. Here is one of the claims in its place in the article: the quoted words
# are marked, and they are the article's own, letter for letter.

# %%
claim = next(claim for claim in extraction.claims if claim.predicate == "listed_by")
start, end = claim.evidence.start, claim.evidence.end
assert document.text[start:end] == claim.evidence.text
print(names[claim.subject], "--", claim.predicate, "->", names[claim.object])
print()
print(
    document.text[max(0, start - 80) : start] + ">>>" + document.text[start:end] + "<<<" + document.text[end : end + 80]
)
print()
print("found by the rule", claim.rule)

# %% [markdown]
# ## Said is not so
#
# The article reports denials and plans too. They are kept, with their status and, where the text names one, the person
# who said it; but they never become plain edges of the graph.

# %%
pd.DataFrame(
    {
        "subject": names[claim.subject],
        "predicate": claim.predicate,
        "object": names.get(claim.object, claim.object),
        "status": str(claim.status),
        "said by": names.get(claim.claimant or "", "the article"),
        "words": claim.evidence.text,
    }
    for claim in extraction.claims
    if claim.status != "asserted" or claim.claimant
)

# %% [markdown]
# ## Into a graph
#
# `kg.build` does all of this in one call and keeps the result: a store that can be asked, files for other programs, and
# a picture.

# %%
folder = Path(mkdtemp())
report = kg.build([ARTICLE], date="2019-10-08", store=folder / "store", out=folder / "files")
print(len(report.extractions[0].claims), "claims stored;", "written:", ", ".join(path.name for path in report.written))

# %% [markdown]
# Building the same article again changes nothing: what is already known is passed over.

# %%
again = kg.build([ARTICLE], date="2019-10-08", store=folder / "store", out=folder / "files")
print("read anew:", len(again.extractions), "- unchanged:", len(again.unchanged))

# %% [markdown]
# ## Looking at it
#
# `graph.html` in the output folder is one file that works without a network: open it in a browser, click an edge, and
# its quotation appears. Below is a plain drawing of the asserted edges.

# %%
import matplotlib.pyplot as plt
import networkx as nx

from kg.network.build import network

with kg.open_store(folder / "store", read_only=True) as store:
    graph = network(store.quads())
asserted = nx.DiGraph()
for u, v, edge in graph.edges(data=True):
    if edge["status"] == "asserted":
        asserted.add_edge(graph.nodes[u]["label"], graph.nodes[v]["label"], label=edge["predicate"].replace("_", " "))
positions = nx.spring_layout(asserted, seed=3, k=1.1)
plt.figure(figsize=(12, 9))
nx.draw_networkx_edges(asserted, positions, edge_color="#9aa5b1", arrowsize=12, node_size=900)
nx.draw_networkx_nodes(asserted, positions, node_color="#3d6fb4", node_size=220)
nx.draw_networkx_labels(asserted, positions, font_size=9, verticalalignment="bottom")
nx.draw_networkx_edge_labels(
    asserted, positions, edge_labels=nx.get_edge_attributes(asserted, "label"), font_size=7, font_color="#7a4b00"
)
plt.margins(0.16)
plt.axis("off")
plt.show()
