"""`kg serve`: SPARQL 1.1 protocol, graph store reading, linked data pages and the explorer over one store folder.

    app.py          the list of routes
    protocol.py     what a SPARQL request asks for, and in which form it wants the answer
    pool.py         killable worker processes over a snapshot; deadlines, lanes for quick and for slow queries
    worker.py       the program that such a process runs
    remote.py       the store interface on top of the pool, for the named questions
    graphstore.py   Graph Store Protocol
    description.py  the service description
    pages.py        entities, claims and documents as HTML or RDF

This file imports nothing, so that a worker starts quickly.
"""
