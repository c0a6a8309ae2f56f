"""OFAC's XML, both of its forms -> the list that a file is; `ofac_advanced` and `ofac_sdn` read them.

The lists are those of the CSV form: an edition in XML replaces one in CSV, entry by entry under the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.lists import ofac_advanced, ofac_sdn
from kg.lists.model import Head, Item, Source, Tally, single
from kg.lists.ofac import CONSOLIDATED_LISTS
from kg.lists.ofac_references import DEPTH
from kg.lists.xml_records import Form, elements, text
from kg.reference import official_list

TITLE: Final = "United States, OFAC: Advanced XML (sdn_advanced, cons_advanced) and SDN XML (sdn, consolidated)"
_SDN: Final = "Specially Designated Nationals and Blocked Persons List"
_CONSOLIDATED: Final = "Consolidated Sanctions List"
_ENTRIES: Final = Form("Sanctions", ("ReferenceValueSets", "SanctionsEntry"), level=None, depth=DEPTH)
_PLAIN: Final = Form("sdnList", ("sdnEntry",))


def recognizes(head: Head) -> bool:
    """Whether the root is that of one of the two forms."""
    return head.root in ("sdnList", "Sanctions")


def sources(files: Iterable[Path]) -> list[Source]:
    """Return the SDN list or the consolidated list, told by the list that the first entry stands on."""
    (source,) = single(files, "ofac-sdn", _SDN)
    path = source.files[0]
    if _is_consolidated(path):
        return [Source("ofac-consolidated", _CONSOLIDATED, source.files)]
    return [source]


def entries(source: Source, tally: Tally) -> Iterator[Item]:
    """Yield the entries and relations of the file in whichever form it is."""
    module = ofac_sdn if _root(source.files[0]) == "sdnList" else ofac_advanced
    yield from module.entries(source, tally)


def _root(path: Path) -> str:
    with path.open("rb") as file:
        return "sdnList" if b"<sdnList" in file.read(4096) else "Sanctions"


def _is_consolidated(path: Path) -> bool:
    """Whether no entry is on the SDN list; the plain form names no lists, so there the programmes tell."""
    if _root(path) == "sdnList":
        programmes = [{text(item) for item in element.iter("program")} for element in elements(path, _PLAIN)]
        return bool(programmes) and all(codes & set(CONSOLIDATED_LISTS) for codes in programmes)
    lists: dict[str, str] = {}
    for element in elements(path, _ENTRIES):
        if element.tag == "SanctionsEntry":
            known = official_list(lists.get(element.get("ListID", ""), ""))
            return known is not None and known.name != _SDN
        lists |= {item.get("ID", ""): text(item) for item in element.iter("List")}
    return False
