"""A small network as a `pyvis.network.Network`, for notebooks that build on pyvis.

In: a network made by `kg.network`. Out: pyvis's own object with the positions of `kg.view.layout`, physics off. Texts
of sources go into labels and titles only, which vis-network shows as text; ids are numbers, since pyvis writes ids into
scripts, and "href" in a title is broken up, since pyvis turns such titles into markup.
"""

from __future__ import annotations

import json
from typing import Final

import pyvis.network

from kg.network.build import Network
from kg.view.layout import positions

#: Above this many nodes pyvis's page takes longer than ten seconds to open (benchmarks/view.py --pyvis).
LARGEST: Final = 1000

#: One colour a type of entity, those of the explorer's light theme.
_COLOURS: Final = {
    "Person": "#0f6fb3",
    "Company": "#b9770e",
    "GovernmentBody": "#6a4fa3",
    "Organization": "#0c8066",
    "Country": "#5d6b7b",
    "Place": "#87816f",
}
_OTHER: Final = "#8c6d5a"
_OPTIONS: Final = {"physics": {"enabled": False}, "edges": {"smooth": {"enabled": True, "type": "dynamic"}}}


def pyvis_network(graph: Network, *, seed: int = 0, height: str = "640px") -> pyvis.network.Network:
    """Make the pyvis network: a node an entity, an edge a claim labelled with its relation and quotation.

    Raises ValueError for more than `LARGEST` nodes.
    """
    if len(graph) > LARGEST:
        raise ValueError(f"{len(graph)} entities are too many for pyvis, {LARGEST} at most: give a focus")
    net = pyvis.network.Network(height=height, width="100%", directed=True, notebook=True, cdn_resources="in_line")
    net.set_options(json.dumps(_OPTIONS))
    spots = positions(graph, seed=seed)
    places = {node: place for place, node in enumerate(graph)}
    for node, attrs in graph.nodes(data=True):
        x, y = spots[node]
        title = _inert(" / ".join([attrs["type"], *attrs["names"][1:6]]))
        colour = _COLOURS.get(attrs["type"], _OTHER)
        net.add_node(places[node], label=_inert(attrs["label"]), title=title, x=x, y=y, physics=False, color=colour)
    for subject, target, attrs in graph.edges(data=True):
        claim = attrs["claim"]
        label = claim.predicate.replace("_", " ")
        if claim.status != "asserted":
            label += f" ({claim.status})"
        net.add_edge(places[subject], places[target], label=label, title=_inert(claim.quote or ""))
    return net


def _inert(text: str) -> str:
    return text.replace("href", "hr\u200bef")
