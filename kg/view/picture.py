"""A payload -> the nodes, edges and options of vis-network, through pyvis.

pyvis holds what vis-network draws: a node a place in the payload, an edge a bundle of parallel claims (same
subject, predicate and object). Node and edge ids are numbers, so no name of a source is ever an id. The page's own
template takes the three parts; pyvis's template is not used (it links to a CDN and escapes nothing).
"""

from __future__ import annotations

import json
from typing import Any, Final

from pyvis.network import Network

from kg.view.payload import Payload

#: Above this many nodes a page draws on its own canvas, which needs no library (see benchmarks/view.py).
LARGEST: Final = 300

_OPTIONS: Final[dict[str, Any]] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "multiselect": False,
        "tooltipDelay": 200,
        "keyboard": {"enabled": False},
        "navigationButtons": False,
        "selectConnectedEdges": False,
        "hoverConnectedEdges": False,
    },
    "nodes": {"shape": "custom", "size": 13, "chosen": False},
    "edges": {
        "chosen": False,
        "smooth": {"enabled": False},
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.55}},
        "hoverWidth": 0,
        "selectionWidth": 0,
    },
}


def vis_parts(shown: Payload) -> dict[str, Any]:
    """`nodes`, `edges` and `options` as pyvis writes them, physics off and every position given."""
    net = Network(directed=True, height="100%", width="100%")
    net.set_options(json.dumps(_OPTIONS))
    for place, node in enumerate(shown["nodes"]):
        net.add_node(place, label=" ", shape="custom", x=node["x"], y=node["y"], physics=False)
    bundles = sorted({(claim["s"], claim["o"], claim["p"]) for claim in shown["claims"] if "o" in claim})
    for number, (subject, target, predicate) in enumerate(bundles):
        net.add_edge(subject, target, id=number, key=predicate)
    nodes = [{"id": node["id"], "x": node["x"], "y": node["y"], "shape": node["shape"]} for node in net.nodes]
    edges = [{key: edge[key] for key in ("id", "from", "to", "key")} for edge in net.edges]
    return {"nodes": nodes, "edges": edges, "options": net.options}
