"""The body and the list of a designation in FollowTheMoney: by its authority, its programme, or its data set."""

from __future__ import annotations

from typing import Any, Protocol

from kg.reference import (
    authority,
    authority_of_dataset,
    default_list,
    list_of_dataset,
    list_of_programme,
    names_a_list,
    official_list,
)


class Values(Protocol):
    """The properties of an entity."""

    def all(self, name: str) -> list[str]:
        """The values of a property as texts."""
        ...

    def first(self, *names: str) -> str:
        """The first value of the first of these properties that has one."""
        ...


def body_of(record: dict[str, Any], values: Values) -> str:
    """The name in the graph of the body that listed; as written where no table knows it."""
    code = values.first("country")
    texts = [*values.all("authority"), *values.all("publisher")]
    for text in texts:
        if known := authority(text, country_code=code):
            return known.name
    for dataset in _datasets(record):
        if known := authority_of_dataset(dataset):
            return known.name
    return texts[0] if texts else "unknown authority"


def list_of(record: dict[str, Any], values: Values, programmes: tuple[str, ...], body: str) -> str:
    """The list of a designation: as named, by its programme, by its data set, or the one list that the body keeps.

    A programme is no list: "RUSSIA-EO14024" of OFAC stands on the SDN list unless the record says otherwise.
    """
    for text in (*programmes, values.first("publisher"), *values.all("authority")):
        if found := official_list(text) or list_of_programme(text):
            return found.name
    for dataset in _datasets(record):
        if found := list_of_dataset(dataset):
            return found.name
    named = next((text for text in programmes if names_a_list(text)), "")
    found = default_list(body)
    return named or (found.name if found else "")


def _datasets(record: dict[str, Any]) -> list[str]:
    found = record.get("datasets", ())
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
