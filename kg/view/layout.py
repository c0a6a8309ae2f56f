"""Positions for the nodes of a network: the same graph and seed give the same picture.

In: any networkx graph. Out: node -> (x, y) in pixels of an undistorted screen (a plain edge is about 120 long),
centred on 0, wider than high. Connected components are laid out apart and packed; nodes without edges stand in
rows below. Nothing is read from the clock and no physics runs in the browser.

Small components are drawn by stress majorisation (Gansner, Koren and North 2004), which keeps distances in the
picture close to distances in the graph. Large ones start from pivot multidimensional scaling (Brandes and Pich
2006) and are then spread by forces in the manner of ForceAtlas2 (Jacomy et al. 2014), the repulsion being
computed on a mesh by FFT, so that 10,000 nodes take seconds and no C extension is needed.

Every step but the FFT is made of single sums, products, quotients and square roots in a fixed order, which every
processor rounds alike; linear algebra libraries, which choose their order by processor, are left alone.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Final

import networkx
import numpy
from numpy.typing import NDArray

EDGE: Final = 120.0  # pixels of an edge between two nodes of few relations
_EXACT: Final = 320  # largest component that is drawn by stress
_GAP: Final = 100.0  # pixels between components
_ASPECT: Final = 1.6  # width by height that the whole picture aims at

if TYPE_CHECKING:
    _Graph = networkx.Graph[Any]
else:
    _Graph = networkx.Graph
_Points = NDArray[numpy.float64]


def positions(graph: _Graph, *, seed: int = 0) -> dict[Any, tuple[float, float]]:
    """Node -> (x, y), rounded to a tenth of a pixel; parallel edges and directions are ignored.

    >>> positions(networkx.path_graph(2)) == positions(networkx.path_graph(2))
    True
    """
    simple: _Graph = networkx.Graph()
    simple.add_nodes_from(graph)
    simple.add_edges_from((u, v) for u, v in graph.edges() if u != v)
    components = sorted(
        (sorted(part, key=str) for part in networkx.connected_components(simple)),
        key=lambda part: (-len(part), str(part[0])),
    )
    boxes: list[tuple[list[Hashable], _Points]] = []
    singles: list[Hashable] = []
    for part in components:
        if len(part) == 1:
            singles.extend(part)
        else:
            boxes.append((part, _component(simple.subgraph(part).copy(), part, seed)))
    placed = _pack(boxes, singles)
    return {node: (round(float(x), 1), round(float(y), 1)) for node, (x, y) in placed.items()}


def _component(graph: _Graph, nodes: list[Hashable], seed: int) -> _Points:
    row = {node: place for place, node in enumerate(nodes)}
    edges = numpy.array(sorted((min(row[u], row[v]), max(row[u], row[v])) for u, v in graph.edges()), dtype=numpy.int64)
    rng = numpy.random.default_rng(seed)
    if len(nodes) <= _EXACT:
        points = _stress(graph, nodes, rng) * EDGE
        points = _apart(_landscape(points), width=132.0, height=60.0)
    else:
        points = _forces(_pivot_mds(graph, nodes, rng), edges, rounds=130 if len(nodes) < 3000 else 110)
        points = _apart(_landscape(points), width=46.0, height=40.0)
    middle: _Points = (points.min(axis=0) + points.max(axis=0)) / 2
    return points - middle


def _stress(graph: _Graph, nodes: list[Hashable], rng: numpy.random.Generator) -> _Points:
    """Stress majorisation over all pairs; the edges of hubs are longer, so that their leaves find room."""
    lengths = {(u, v): max(1.0, 0.30 * math.sqrt(len(set(graph[u]) ^ set(graph[v]))) + 0.5) for u, v in graph.edges()}
    networkx.set_edge_attributes(graph, lengths, "length")
    row = {node: place for place, node in enumerate(nodes)}
    size = len(nodes)
    wanted = numpy.zeros((size, size))
    for node, reached in networkx.all_pairs_dijkstra_path_length(graph, weight="length"):
        for other, length in reached.items():
            wanted[row[node], row[other]] = length
    wanted = (wanted + wanted.T) / 2
    points = _scaled(wanted**2) + (rng.random((size, 2)) - 0.5) * 0.2
    weight = numpy.divide(1.0, wanted**2, out=numpy.zeros_like(wanted), where=wanted > 0)
    total = weight.sum(axis=1)
    x, y = points[:, 0].copy(), points[:, 1].copy()
    for _ in range(200):
        across, down = x[:, None] - x[None, :], y[:, None] - y[None, :]
        distance = numpy.sqrt(across * across + down * down)
        ratio = weight * numpy.divide(wanted, distance, out=numpy.zeros_like(wanted), where=distance > 1e-9)
        x = (weight * x[None, :] + ratio * across).sum(axis=1) / total
        y = (weight * y[None, :] + ratio * down).sum(axis=1) / total
    return numpy.stack([x, y], axis=1)


def _scaled(squares: _Points) -> _Points:
    """Classical scaling of squared distances to the plane, signs fixed so that it never flips."""
    centred = squares - squares.mean(axis=0, keepdims=True)
    centred = -0.5 * (centred - centred.mean(axis=1, keepdims=True))
    values, vectors = _leading((centred + centred.T) / 2)
    return numpy.asarray(vectors * numpy.sqrt(numpy.maximum(values, 1e-6)), dtype=numpy.float64)


def _leading(matrix: _Points) -> tuple[_Points, _Points]:
    """The two largest eigenvalues of a symmetric matrix and their vectors, by power iteration.

    Where eigenvalues are equal any two vectors of their plane will do; which ones depends on nothing but the matrix.
    """
    size = len(matrix)
    shift = float(numpy.abs(matrix).sum(axis=1).max())  # makes the largest eigenvalue the largest in size too
    values: list[float] = []
    found: list[_Points] = []
    for turn in range(2):
        vector = numpy.array([((place * 7919 + turn * 104729) % 1000 + 1) / 1000 - 0.5 for place in range(size)])
        for _ in range(120):
            for other in found:
                vector = vector - other * (other * vector).sum()
            length = math.sqrt(float((vector * vector).sum()))
            if length < 1e-9:
                break
            vector = vector / length
            vector = (matrix * vector[None, :]).sum(axis=1) + shift * vector
        for other in found:
            vector = vector - other * (other * vector).sum()
        vector = vector / max(math.sqrt(float((vector * vector).sum())), 1e-9)
        values.append(float((vector * (matrix * vector[None, :]).sum(axis=1)).sum()))
        found.append(vector)
    return numpy.array(values), numpy.stack(found, axis=1)


def _pivot_mds(graph: _Graph, nodes: list[Hashable], rng: numpy.random.Generator) -> _Points:
    """A first rough placing from the distances to fifty far apart pivots."""
    row = {node: place for place, node in enumerate(nodes)}
    nearest = numpy.full(len(nodes), numpy.inf)
    pivot = max(nodes, key=lambda node: (graph.degree[node], str(node)))
    columns = []
    for _ in range(min(50, len(nodes))):
        column = numpy.zeros(len(nodes))
        for node, hops in networkx.single_source_shortest_path_length(graph, pivot).items():
            column[row[node]] = hops
        columns.append(column)
        nearest = numpy.minimum(nearest, column)
        pivot = nodes[int(nearest.argmax())]
    squares = numpy.array(columns).T ** 2
    centred = squares - squares.mean(axis=0, keepdims=True)
    centred = -0.5 * (centred - centred.mean(axis=1, keepdims=True))
    columns = list(numpy.ascontiguousarray(centred.T))
    products = numpy.array([[float((one * other).sum()) for other in columns] for one in columns])
    _, best = _leading(products)
    points = (centred[:, :, None] * best[None, :, :]).sum(axis=1)
    points = points / max(float(numpy.abs(points).max()), 1e-9) * EDGE * math.sqrt(len(nodes)) / 2
    return numpy.asarray(points + (rng.random(points.shape) - 0.5) * EDGE, dtype=numpy.float64)


def _forces(points: _Points, edges: NDArray[numpy.int64], *, rounds: int) -> _Points:
    size = len(points)
    degree = numpy.bincount(edges.ravel(), minlength=size).astype(numpy.float64)
    mass = 1.0 + degree
    mesh = 64 if size < 700 else 128 if size < 4000 else 192
    kernel = _kernel(mesh)
    strength = 0.35 * EDGE
    for turn in range(rounds):
        heat = EDGE * 1.2 * (1.0 - turn / rounds) ** 1.5 + 1.0
        push = _repulsion(points, mass, kernel, mesh) * mass[:, None] * strength
        along = points[edges[:, 1]] - points[edges[:, 0]]
        pull = numpy.zeros_like(points)
        bond = along / numpy.sqrt(numpy.minimum(degree[edges[:, 0]], degree[edges[:, 1]]))[:, None]
        numpy.add.at(pull, edges[:, 0], bond)
        numpy.subtract.at(pull, edges[:, 1], bond)
        force = push + pull - 0.02 * mass[:, None] * points
        length = numpy.sqrt((force**2).sum(axis=1, keepdims=True)) + 1e-9
        points = points + force / length * numpy.minimum(length / mass[:, None], heat)
    return points


def _kernel(mesh: int) -> tuple[NDArray[numpy.complex128], NDArray[numpy.complex128]]:
    """The transform of the repulsion 1/r, in units of a cell, on a doubled mesh so that it does not wrap."""
    axis = numpy.fft.fftfreq(2 * mesh, 1.0 / (2 * mesh))
    x, y = numpy.meshgrid(axis, axis, indexing="ij")
    square = x**2 + y**2 + 0.5
    return numpy.fft.rfft2(x / square), numpy.fft.rfft2(y / square)


def _repulsion(
    points: _Points, mass: _Points, kernel: tuple[NDArray[numpy.complex128], NDArray[numpy.complex128]], mesh: int
) -> _Points:
    low = points.min(axis=0)
    cell = max(float((points.max(axis=0) - low).max()), 1.0) / (mesh - 2)
    place = (points - low) / cell
    corner = numpy.minimum(place.astype(numpy.int64), mesh - 2)
    share = place - corner
    density = numpy.zeros((2 * mesh, 2 * mesh))
    weights = []
    for dx, dy in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight = (share[:, 0] if dx else 1 - share[:, 0]) * (share[:, 1] if dy else 1 - share[:, 1])
        weights.append((corner[:, 0] + dx, corner[:, 1] + dy, weight))
        numpy.add.at(density, (corner[:, 0] + dx, corner[:, 1] + dy), weight * mass)
    spectrum = numpy.fft.rfft2(density)
    fields = [numpy.fft.irfft2(spectrum * part, s=density.shape) / cell for part in kernel]
    return numpy.stack([sum(weight * field[x, y] for x, y, weight in weights) for field in fields], axis=1)


def _landscape(points: _Points) -> _Points:
    """Turned so that the longest way lies across the screen."""
    centred = points - points.mean(axis=0)
    x, y = centred[:, 0].copy(), centred[:, 1].copy()
    xx, xy, yy = float((x * x).sum()), float((x * y).sum()), float((y * y).sum())
    longest = (xx + yy) / 2 + math.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    across, down = (longest - yy, xy) if xx >= yy else (xy, longest - xx)
    length = math.sqrt(across**2 + down**2)
    across, down = (across / length, down / length) if length > 1e-9 else (1.0, 0.0)
    if (across if abs(across) >= abs(down) else down) < 0:
        across, down = -across, -down
    return numpy.stack([x * across + y * down, y * across - x * down], axis=1)


def _apart(points: _Points, *, width: float, height: float) -> _Points:
    """Pushed apart until no two boxes of that size overlap, or sixty rounds are over; label room for each node."""
    points = points.copy()
    for _ in range(60):
        left, right = _close_pairs(points, width, height)
        if not len(left):
            break
        offset = points[right] - points[left]
        offset = offset + numpy.where(numpy.abs(offset) < 1e-6, 1e-3 * (1 + (right % 7))[:, None], 0.0)
        lack = numpy.array([width, height]) - numpy.abs(offset)
        sideways = lack[:, 0] / width < lack[:, 1] / height
        move = numpy.where(numpy.stack([sideways, ~sideways], axis=1), lack * numpy.sign(offset) * 0.5, 0.0)
        numpy.add.at(points, right, move * 0.6)
        numpy.subtract.at(points, left, move * 0.6)
    return points


def _close_pairs(points: _Points, width: float, height: float) -> tuple[NDArray[numpy.int64], NDArray[numpy.int64]]:
    """All pairs nearer than a box, found by sorting into cells: each cell against itself and four neighbours."""
    cells = numpy.floor(points / numpy.array([width, height])).astype(numpy.int64)
    cells -= cells.min(axis=0)
    columns = int(cells[:, 1].max()) + 3
    code = (cells[:, 0] + 1) * columns + cells[:, 1] + 1
    order = numpy.argsort(code, kind="stable")
    ranked = code[order]
    pairs: list[tuple[NDArray[numpy.int64], NDArray[numpy.int64]]] = []
    for step in (0, 1, columns - 1, columns, columns + 1):
        first = numpy.searchsorted(ranked, ranked + step, side="left")
        last = numpy.searchsorted(ranked, ranked + step, side="right")
        if step == 0:
            first = numpy.arange(len(ranked)) + 1
        count = numpy.maximum(last - first, 0)
        here = numpy.repeat(numpy.arange(len(ranked)), count)
        there = numpy.arange(len(here)) - numpy.repeat(numpy.cumsum(count) - count, count) + numpy.repeat(first, count)
        pairs.append((order[here], order[there]))
    left = numpy.concatenate([pair[0] for pair in pairs])
    right = numpy.concatenate([pair[1] for pair in pairs])
    near = (numpy.abs(points[left] - points[right]) < (width - 0.5, height - 0.5)).all(axis=1)
    return left[near], right[near]


def _pack(boxes: list[tuple[list[Hashable], _Points]], singles: list[Hashable]) -> Mapping[Hashable, Any]:
    """Components on shelves below each other, largest first; the single nodes in a block at the end.

    A component that is most of the picture stands alone above a block of all the others.
    """
    if singles:
        across = max(1, math.ceil(math.sqrt(len(singles) * _ASPECT * 0.55)))
        grid = numpy.array([(place % across * 160.0, place // across * 80.0) for place in range(len(singles))])
        boxes = [*boxes, (singles, grid)]
    if not boxes:
        return {}
    areas = [_area(points) for _, points in boxes]
    if len(boxes) > 1 and areas[0] > 0.6 * sum(areas):
        rest = _shelves(boxes[1:], least=0.0)
        boxes = [boxes[0], (list(rest), numpy.array(list(rest.values())))]
        return _shelves(boxes, least=0.0, apart=True)
    return _shelves(boxes, least=max(float((points.max(axis=0) - points.min(axis=0))[0]) for _, points in boxes))


def _area(points: _Points) -> float:
    width, height = points.max(axis=0) - points.min(axis=0) + _GAP
    return float(width * height)


def _shelves(
    boxes: list[tuple[list[Hashable], _Points]], *, least: float, apart: bool = False
) -> dict[Hashable, _Points]:
    """Node -> place, centred on 0; each box under the last one when `apart`, else as many in a row as fit."""
    limit = max(least, math.sqrt(sum(_area(points) for _, points in boxes) * _ASPECT * 1.3))
    rows: list[list[tuple[list[Hashable], _Points]]] = []
    across = 0.0
    for nodes, points in boxes:
        width = float((points.max(axis=0) - points.min(axis=0))[0]) + _GAP
        if not rows or apart or across + width > limit:
            rows.append([])
            across = 0.0
        rows[-1].append((nodes, points))
        across += width
    placed: dict[Hashable, _Points] = {}
    y = 0.0
    for row in rows:
        sizes = [points.max(axis=0) - points.min(axis=0) for _, points in row]
        x = -(sum(float(size[0]) for size in sizes) + _GAP * (len(row) - 1)) / 2
        for (nodes, points), size in zip(row, sizes, strict=True):
            placed.update(zip(nodes, points - points.min(axis=0) + (x, y), strict=True))
            x += float(size[0]) + _GAP
        y += max(float(size[1]) for size in sizes) + _GAP
    return {node: point - (0.0, (y - _GAP) / 2) for node, point in placed.items()}
