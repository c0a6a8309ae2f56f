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
# # 3. A network study
#
# Who holds a network together? Which parties belong together? Who stands between the listed ones? `networkx` answers
# such questions; `kg.network` hands it the graph. The texts are the seven made-up ones of `examples/fiction`.

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import networkx as nx
import pandas as pd

import kg
from kg.network.build import network

EXAMPLES = Path("../examples") if Path("../examples").is_dir() else Path("examples")
folder = Path("work")  # beside this notebook; what was built there once is not built again
kg.build([EXAMPLES / "fiction"], store=folder / "store", out=folder)
with kg.open_store(folder / "store", read_only=True) as store:
    graph = network(store.quads())
print(graph.number_of_nodes(), "entities,", graph.number_of_edges(), "claims between them")

# %% [markdown]
# ## A simple network out of claims
#
# For a study, two parties are tied if any source asserts a tie of business, family or office between them. Listings are
# left out, since "both were sanctioned by the Treasury" is no tie between the two; so are denials and plans.

# %%
TIES = {
    "owned_by", "controlled_by", "subsidiary_of", "leader_of", "officer_of", "employee_of", "member_of", "spokesman_for",
    "acts_for", "supports", "supplies", "funds", "associated_with", "spouse_of", "sibling_of", "relative_of", "meets",
}  # fmt: skip
ties = nx.Graph()
for u, v, edge in graph.edges(data=True):
    if edge["predicate"] in TIES and edge["status"] in ("asserted", "ended") and u != v:
        ties.add_edge(graph.nodes[u]["label"], graph.nodes[v]["label"])
main = ties.subgraph(max(nx.connected_components(ties), key=len)).copy()
listed = {attrs["label"] for _, attrs in graph.nodes(data=True) if attrs.get("listed")}
print(f"{main.number_of_nodes()} parties hang together; {len(listed & set(main))} of them are listed")

# %% [markdown]
# ## Who is central?
#
# *Degree* counts ties. *Betweenness* tells how many of the shortest ways between others lead through a party: a broker
# has more of it than ties. *PageRank* counts ties to those who have many.

# %%
measures = pd.DataFrame(
    {
        "degree": dict(main.degree()),
        "betweenness": nx.betweenness_centrality(main),
        "pagerank": nx.pagerank(main),
        "listed": {name: name in listed for name in main},
    }
).sort_values(["betweenness", "degree"], ascending=False)
measures.round(3).head(10)

# %% [markdown]
# ## Who belongs together?
#
# Communities are groups with many ties inside and few to the outside.

# %%
communities = [sorted(group) for group in nx.community.greedy_modularity_communities(main)]
for number, group in enumerate(communities, 1):
    print(number, "; ".join(group))

# %% [markdown]
# ## The picture
#
# Colour is the community, size is betweenness, a red ring is a listing.

# %%
positions = nx.kamada_kawai_layout(main)
colour = {name: number for number, group in enumerate(communities) for name in group}
names = sorted(main)
plt.figure(figsize=(13, 9))
nx.draw_networkx_edges(main, positions, edge_color="#b8c0ca", width=1.4)
nx.draw_networkx_nodes(
    main,
    positions,
    nodelist=names,
    node_size=[250 + 2600 * measures.loc[name, "betweenness"] for name in names],
    node_color=[colour[name] for name in names],
    cmap="Set2",
    edgecolors=["#c62828" if name in listed else "#ffffff" for name in names],
    linewidths=2.2,
)
nx.draw_networkx_labels(main, positions, font_size=9)
plt.margins(0.16)
plt.axis("off")
plt.title("Ties asserted in seven texts; ringed in red: listed")
plt.show()

# %% [markdown]
# ## Brokers between the listed
#
# Who is not listed, and lies on the shortest ways between those who are? That is whom a reader would look at next. It
# is no accusation: a bank, a spokesman and a sister lie between people too.

# %%
targets = sorted(listed & set(main))
between = nx.betweenness_centrality_subset(main, sources=targets, targets=targets, normalized=True)
brokers = pd.Series({name: value for name, value in between.items() if name not in listed and value > 0}, dtype=float)
brokers = brokers.sort_values()
brokers.plot.barh(figsize=(9, 0.5 * max(len(brokers), 1) + 1), color="#3d6fb4")
plt.xlabel("share of the shortest ways between listed parties that lead through it")
plt.show()

# %% [markdown]
# ## What to remember
#
# The network holds what these texts say. A party with few ties may be one that nobody wrote about; a tie may rest on one
# sentence. Before a finding is used, read the words behind its edges: they are one click away in `graph.html`, and one
# call away here.

# %%
if len(brokers):
    name = brokers.index[-1]
    for u, v, edge in graph.edges(data=True):
        if name in (graph.nodes[u]["label"], graph.nodes[v]["label"]) and edge["predicate"] in TIES:
            print("-", edge["claim"].quote)
