"""The graph as a networkx multigraph: built from quads (`build`), or loaded from a store around a focus (`load`)."""

from kg.network.build import Network, network

__all__ = ["Network", "network"]
