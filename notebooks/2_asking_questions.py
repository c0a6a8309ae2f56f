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
# # 2. Asking questions
#
# There are two ways to ask: *named questions*, which are functions with an answer that shows its evidence, and SPARQL,
# the query language of graphs, for everything else. The texts are seven short ones about a made-up
# network of companies (`examples/fiction`).

# %%
from pathlib import Path

import pandas as pd

import kg
from kg import queries

EXAMPLES = Path("../examples") if Path("../examples").is_dir() else Path("examples")
pd.set_option("display.max_colwidth", 100)

folder = Path("work")  # beside this notebook; what was built there once is not built again
kg.build([EXAMPLES / "fiction"], store=folder / "store", out=folder)
store = kg.open_store(folder / "store", read_only=True)


# %% [markdown]
# A small helper turns an answer into a table.


# %%
def table(sparql: str) -> pd.DataFrame:
    """The answer to a SELECT as a table; IRIs and numbers as their text."""
    answer = store.query(sparql)
    return pd.DataFrame(answer.values(), columns=answer.variables)


def rows(claims: list[queries.ClaimRow]) -> pd.DataFrame:
    """Claims as a table, each with the words that prove it."""
    return pd.DataFrame(
        {
            "date": claim.date,
            "subject": claim.subject.name,
            "predicate": claim.predicate,
            "object": claim.object.name,
            "status": claim.status,
            "words": claim.quotations[0].text if claim.quotations else "",
        }
        for claim in claims
    )


# %% [markdown]
# ## Named questions
#
# Everything that is said about one company:

# %%
rows(queries.claims_about(store, "Brambleton Holding"))

# %% [markdown]
# What happened to it, in order:

# %%
pd.DataFrame({"date": event.date, "what": event.what} for event in queries.timeline(store, "Brambleton Holding"))

# %% [markdown]
# How two parties are tied. Each step of a path is a claim, and its words are the reason to believe it.

# %%
for path in queries.paths(store, "Pallas Foundry", "Anton Marrow", k=2):
    print(" - ".join(node.name for node in path.nodes))
    for step in path.steps:
        for claim in step.claims[:1]:
            print("    ", claim.quotations[0].text)

# %% [markdown]
# Where sources contradict each other:

# %%
for contradiction in queries.contradictions(store):
    print(contradiction.kind)
    for claim in contradiction.claims:
        print(f"    {claim.status}: {claim.quotations[0].text}")

# %% [markdown]
# ## SPARQL
#
# A question is a pattern with gaps. `?who kg:listed_by ?authority` finds every pair of nodes with such an edge between
# them, and `skos:prefLabel` leads from a node to its name. `DISTINCT` folds what several texts say into one row. Who is
# listed by whom:

# %%
table("""
SELECT DISTINCT ?who ?authority {
  ?x kg:listed_by ?y .
  ?x skos:prefLabel ?who . ?y skos:prefLabel ?authority
} ORDER BY ?authority ?who
""")

# %% [markdown]
# Plain edges are only for what is asserted. Claims of every kind are nodes of their own. What was denied, planned or
# alleged, and in which words:

# %%
table("""
SELECT DISTINCT ?status ?subject ?predicate ?object ?words {
  ?claim kg:status ?s ; kg:subject/skos:prefLabel ?subject ; kg:predicate ?p ; kg:object ?o ;
         kg:evidence/oa:hasSelector/oa:exact ?words .
  FILTER (?s IN (kg:denied, kg:planned, kg:alleged))
  OPTIONAL { ?o skos:prefLabel ?name }
  BIND (COALESCE(?name, ?o) AS ?object)
  BIND (STRAFTER(STR(?p), "#") AS ?predicate) BIND (STRAFTER(STR(?s), "#") AS ?status)
} ORDER BY ?status ?subject ?predicate
""")

# %% [markdown]
# Paths of any length: `kg:owned_by+` follows the edge once or more. Everything that hangs below Brambleton Holding:

# %%
table("""
SELECT DISTINCT ?held {
  ?top skos:prefLabel ?name . FILTER CONTAINS(?name, "Brambleton")
  ?x (kg:owned_by|kg:subsidiary_of|kg:controlled_by)+ ?top ; skos:prefLabel ?held
} ORDER BY ?held
""")

# %% [markdown]
# ## Counting with pandas
#
# An answer is a table, so everything that pandas can do with tables can be done with it: which relations there are, by
# status.

# %%
found = table("""
SELECT DISTINCT ?claim ?predicate ?status {
  ?claim a kg:Claim ; kg:predicate ?p ; kg:status ?s
  BIND (STRAFTER(STR(?p), "#") AS ?predicate) BIND (STRAFTER(STR(?s), "#") AS ?status)
}
""")
pd.crosstab(found["predicate"], found["status"])

# %%
store.close()
