"""Names of the official lists in the spellings that texts use, by guideline type: material for exchanging names."""

from __future__ import annotations

import csv
import re
from pathlib import Path

COMPANY = re.compile(
    r"\b(LTD|LIMITED|LLC|INC|CORP|CORPORATION|COMPANY|CO|S\.?A\.?|GMBH|BANK|TRADING|ENTERPRISES?|HOLDINGS?|INDUSTR\w+|"
    r"SHIPPING|AIRLINES?|OJSC|PJSC|JSC|LTDA|FZE|FZCO|INTERNATIONAL|INVESTMENTS?|CONSTRUCTION|EXCHANGE|PETROLEUM)\b"
)
ORGANIZATION = re.compile(
    r"\b(FRONT|MOVEMENT|ARMY|BRIGADES?|PARTY|CARTEL|NETWORK|FOUNDATION|GROUP|COMMITTEE|UNION|ASSOCIATION|UNIVERSITY|"
    r"JIHAD|ISLAMIC|RELIEF|SOCIETY|COUNCIL|INSTITUTE)\b"
)
SMALL = {
    "Of",
    "And",
    "The",
    "For",
    "De",
    "Del",
    "La",
    "Y",
    "Al",
    "El",
    "Bin",
    "Ibn",
    "Abu",
    "Van",
    "Der",
    "E",
    "Los",
    "Las",
    "Da",
    "Do",
}
KEEP_UPPER = re.compile(r"(LLC|S\.?A\.?|JSC|OJSC|PJSC|FZE|FZCO|GMBH|S\.?R\.?L\.?|C\.V\.|[A-Z]\.|[A-Z]{1,2}\d*)$")


def in_title_case(name: str) -> str:
    """An upper-case list name as a text would print it: "BANK OF X LTD." gives "Bank of X Ltd."."""
    words = []
    for i, word in enumerate(name.split()):
        if KEEP_UPPER.match(word) and word not in ("CO", "DE", "LA", "EL", "AL", "OF", "Y"):
            words.append(word)
            continue
        lower = "-".join(p[:1].upper() + p[1:].lower() for p in word.split("-"))
        words.append(lower.lower() if i and lower in SMALL else lower)
    return " ".join(words)


def listed_names(ofac: Path, tokenize) -> dict[str, list[list[str]]]:  # type: ignore[no-untyped-def]
    """Words of the names of OFAC's SDN list, by type; `tokenize(name)` gives the words of a name."""
    found: dict[str, list[list[str]]] = {"Person": [], "Company": [], "Vessel": [], "Organization": []}
    for file, name_at, kind_at in (("sdn.csv", 1, 2), ("cons_prim.csv", 1, 2)):
        with (ofac / file).open(encoding="utf-8", errors="replace", newline="") as stream:
            for row in csv.reader(stream):
                if len(row) <= kind_at:
                    continue
                name = re.sub(r"\s+", " ", row[name_at]).strip()
                kind = row[kind_at].strip().strip("-")
                if kind == "individual":
                    last, _, first = name.partition(",")
                    if not first.strip():
                        continue
                    full = in_title_case(f"{first.strip()} {last.strip()}")
                    found["Person"].append(tokenize(full))
                elif kind == "vessel":
                    found["Vessel"].append(tokenize(name if len(name) % 3 else in_title_case(name)))
                elif COMPANY.search(name.upper()):
                    found["Company"].append(tokenize(in_title_case(name)))
                elif ORGANIZATION.search(name.upper()) and len(name.split()) > 1:
                    found["Organization"].append(tokenize(in_title_case(name)))
    return {kind: [n for n in names if n] for kind, names in found.items()}
