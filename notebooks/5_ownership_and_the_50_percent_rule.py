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
# # 5. Ownership and the 50 percent rule
#
# A company that stands on no list can be blocked all the same, because of who owns it. OFAC counts the shares of all
# blocked owners together, directly or through companies that are themselves blocked: 50 percent is enough. The EU and
# the UK ask for more than 50 percent, or for control. The texts are the made-up ones of `examples/fiction`.

# %%
from pathlib import Path

import pandas as pd

import kg
from kg import ownership, queries
from kg.ownership.rules import rules

EXAMPLES = Path("../examples") if Path("../examples").is_dir() else Path("examples")
pd.set_option("display.max_colwidth", 110)
folder = Path("work")  # beside this notebook; what was built there once is not built again
kg.build([EXAMPLES / "fiction"], store=folder / "store", out=folder)
store = kg.open_store(folder / "store", read_only=True)
name_of = lambda iri: queries.describe(store, [iri])[iri].name

# %% [markdown]
# ## The rules
#
# They are data, with the days on which each was in force. A rule is asked as of a day.

# %%
pd.DataFrame(
    {
        "rule": rule.title,
        "threshold": str(span.terms),
        "in force": f"{span.first or 'always'} – {span.last or 'today'}",
        "suspended": "; ".join(f"{first} – {last}" for first, last in rule.suspended),
    }
    for rule in rules().values()
    for span in rule.spans
)

# %% [markdown]
# ## Who owns what
#
# What the texts say about shares, each with its words. `percent` is empty where a text says "owned by" and no number:
# such a share is unknown, anything from more than 0 to 100, and is never taken for zero.

# %%
answer = store.query("""
SELECT DISTINCT ?held ?relation ?holder ?percent ?words {
  ?c kg:predicate ?p ; kg:status kg:asserted ; kg:subject/skos:prefLabel ?held ; kg:object/skos:prefLabel ?holder ;
     kg:evidence/oa:hasSelector/oa:exact ?words
  FILTER (?p IN (kg:owned_by, kg:subsidiary_of, kg:controlled_by))
  OPTIONAL { ?c kg:percent ?percent }
  BIND (STRAFTER(STR(?p), "#") AS ?relation)
} ORDER BY ?held ?holder
""")
pd.DataFrame(answer.values(), columns=answer.variables).fillna("")

# %% [markdown]
# ## Owners of one company
#
# Directly, and through others. Every figure is an interval: what is surely held, and what may be.

# %%
pd.DataFrame(
    {
        "holder": name_of(stake.holder),
        "directly": str(stake.direct) if stake.direct else "",
        "altogether": str(stake.altogether),
        "controls": stake.controls,
    }
    for stake in ownership.owners(store, "Quillfeather Shipping")
)

# %% [markdown]
# ## Is it blocked?
#
# Lucerne Thistle Bank stands on no list. Brambleton Holding has 30 percent of it and is listed; Quillfeather Shipping
# has 25 percent and is listed. Neither alone is half; OFAC adds them up.

# %%
verdicts = []
for rule in ("ofac", "eu"):
    for day in ("2021-02-01", "2021-12-31", "2022-12-31"):
        exposure = ownership.exposed(store, "Anton Marrow", rule, at=day, any_list=True)
        verdicts += [(name_of(finding.node), rule, day, str(finding.verdict)) for finding in exposure.below]
found = pd.DataFrame(verdicts, columns=["company", "rule", "day", "verdict"])
found.pivot_table(index="company", columns=["rule", "day"], values="verdict", aggfunc="first").fillna("")

# %% [markdown]
# ## The proof
#
# A verdict comes with the chain of shares that leads to it, and each link with its claims, hence its words.

# %%
exposure = ownership.exposed(store, "Brambleton Holding", "ofac", at="2022-06-01", any_list=True)
for answer in exposure.below:
    finding = answer.finding
    print(f"{name_of(finding.node)}: {finding.verdict} ({finding.ground}; blocked holders have {finding.share})")
    for link in finding.chain:
        print(f"    {name_of(link.holder)} holds {link.share} of {name_of(link.held)}")
        for iri in link.claims[:1]:
            print("       ", queries.explain(store, iri)[0].quotations[0].text)

# %% [markdown]
# ## Limits
#
# Control is a question of law and fact that no arithmetic settles; shares change; and a text that says nothing of a share
# proves nothing. `cannot be excluded` means: find out.

# %%
store.close()
