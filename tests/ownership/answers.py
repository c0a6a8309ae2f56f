"""Small data sets in FollowTheMoney's form, and what the rules answer on them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.lists.importer import Options, import_list
from kg.ownership import Case, Exposure, exposure, rule
from kg.store import Store, open_store

EDITION = "2024-06-01"
CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"


def record(schema: str, id_: str, *, seen: str = EDITION, **properties: str | list[str]) -> dict[str, Any]:
    """One entity of FollowTheMoney; single values need no list."""
    values = {key.rstrip("_"): value if isinstance(value, list) else [value] for key, value in properties.items()}
    return {"id": id_, "schema": schema, "properties": values, "datasets": ["t"], "last_seen": seen}


def company(name: str, schema: str = "Company", seen: str = EDITION) -> dict[str, Any]:
    """A thing whose id is its name."""
    return record(schema, name, name=name, seen=seen)


def sanction(name: str, authority: str, **more: str | list[str]) -> dict[str, Any]:
    """A designation of the thing of that name."""
    number = f"{name}-{authority}-{sorted(more.items())}"
    return record("Sanction", f"s-{number}", entity=name, authority=authority, **more)  # type: ignore[arg-type]


def owns(owner: str, asset: str, **more: str | list[str]) -> dict[str, Any]:
    """A stake."""
    number = f"{owner}-{asset}-{sorted(more.items())}"
    return record("Ownership", f"o-{number}", owner=owner, asset=asset, **more)  # type: ignore[arg-type]


def controls(controller: str, controlled: str) -> dict[str, Any]:
    """Control without a share."""
    return record("Control", f"c-{controller}-{controlled}", controller=controller, controlled=controlled)


@contextmanager
def holding(folder: Path, records: Iterable[dict[str, Any]], name: str = "t") -> Iterator[Store]:
    """A store in memory that holds the records."""
    with open_store(None) as store:
        add(store, folder, records, name)
        yield store


def add(store: Store, folder: Path, records: Iterable[dict[str, Any]], name: str = "t", **options: Any) -> None:
    """Import the records as a data set of that name."""
    path = folder / f"{name}.ftm.json"
    path.write_text("".join(json.dumps(item) + "\n" for item in records), encoding="utf-8")
    import_list(store, "ftm", [path], Options(**options))


def ask(store: Store, name: str, rule_name: str = "ofac", at: str | None = None) -> Exposure:
    """What the rule answers."""
    return exposure(Case.of(store, name, at=at), rule(rule_name))


def verdict(store: Store, name: str, rule_name: str = "ofac", at: str | None = None) -> str:
    """The verdict as people read it."""
    return str(ask(store, name, rule_name, at).about.verdict)
