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
# # 6. A new relation, written in YAML and measured
#
# The program reads 33 relations. Suppose you need another: who *insures* whom. You will say what it means, say how
# English says it, and measure how well it is read. No Python is touched; the Python below only shows what happens.

# %%
import shutil
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

from kg import resources
from kg.model import Document
from kg.extraction.patterns.rule_loader import load_rules

ontology = Path(mkdtemp()) / "ontology"
_ = shutil.copytree(resources.ontology(), ontology)

# %% [markdown]
# ## What it means
#
# A property in the ontology: its label, its two ends, a definition and an example. (In your own copy you would add these
# lines to `ontology/sanctions.ttl` with an editor.)

# %%
meaning = """
kg:insures a owl:ObjectProperty , kg:Relation ;
    rdfs:label "insures"@en ; kg:group kg:support_group ;
    rdfs:domain kg:Body ; rdfs:range kg:Entity ; owl:inverseOf kg:insured_by ;
    skos:definition "The subject gives insurance cover for the object."@en ;
    skos:example "The club insures the tanker."@en .
"""
with (ontology / "sanctions.ttl").open("a") as file:
    _ = file.write(meaning)

# %% [markdown]
# ## How English says it
#
# A frame for the verb, which covers the passive and relative clauses by itself, and one for the noun. The examples are
# sentences with the entities marked; they are the tests of the rule.

# %%
rule = """
- predicate: insures
  definition: The subject gives insurance cover for the object.
  subject: [Company, Organization, GovernmentBody]
  object: [Company, Vessel, Aircraft]
  patterns:
    - id: insure
      verb: [insure, underwrite]
      subject: subject
      object: object
    - id: insurer-of
      noun: [insurer, underwriter]
      subject: self
      object: [{prep: of}, possessor]
  examples:
    - text: "[Example Club]{Organization} insured the [Blue Star]{Vessel}."
      triples: ["Example Club | insures | Blue Star"]
  not_examples:
    - "[Example Club]{Organization} inspected the [Blue Star]{Vessel}."
"""
_ = (ontology / "relations" / "insurance.yaml").write_text(rule)
rules = load_rules(ontology / "relations")
print([pattern.rule for pattern in rules.frames if pattern.predicate == "insures"])

# %% [markdown]
# A mistake is told by its place:

# %%
from kg.errors import RuleError

wrong = rule.replace("subject: self", "subject: owner")
_ = (ontology / "relations" / "insurance.yaml").write_text(wrong)
try:
    load_rules(ontology / "relations")
except RuleError as error:
    print(error)
_ = (ontology / "relations" / "insurance.yaml").write_text(rule)

# %% [markdown]
# ## What it finds
#
# Ten sentences, six of which say it.

# %%
sentences = {
    "Northern Mutual LLC insured Quillfeather Shipping.": True,
    "Quillfeather Shipping was insured by Northern Mutual LLC.": True,
    "Northern Mutual LLC, which insures Quillfeather Shipping, is based in London.": True,
    "Northern Mutual LLC is the insurer of Quillfeather Shipping.": True,
    "Quillfeather Shipping, underwritten by Northern Mutual LLC, left port.": True,
    "Northern Mutual LLC agreed to cover Quillfeather Shipping.": True,
    "Northern Mutual LLC inspected Quillfeather Shipping.": False,
    "Northern Mutual LLC sold Quillfeather Shipping.": False,
    "Quillfeather Shipping passed the office of Northern Mutual LLC.": False,
    "Northern Mutual LLC is the owner of Quillfeather Shipping.": False,
}
from kg.extraction.extractor import Extractor, load_extractor

standard = load_extractor()
extractor = Extractor(standard.nlp, rules, standard.predictor)
documents = [Document(id=f"s{number}", text=text) for number, text in enumerate(sentences)]
found = []
for text, extraction in zip(sentences, extractor.many(documents), strict=True):
    insured = [claim for claim in extraction.claims if claim.predicate == "insures"]
    found.append((text, sentences[text], bool(insured), ", ".join(claim.rule for claim in insured)))
result = pd.DataFrame(found, columns=["sentence", "says it", "found", "rule"])
result

# %% [markdown]
# ## How well it is read
#
# *Precision*: of what was found, how much is right. *Recall*: of what is there, how much was found.

# %%
right = int((result["found"] & result["says it"]).sum())
print(f"precision {right / max(int(result['found'].sum()), 1):.2f}, recall {right / int(result['says it'].sum()):.2f}")

# %% [markdown]
# What is missed tells you what to write next ("cover" is a verb that means many things; would you add it?). What is found
# wrongly goes into `not_examples`, so that it stays mended. On real texts, `kg evaluate gold.jsonl texts/` does this for
# all relations at once.
