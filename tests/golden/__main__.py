"""Rewrite the triples of the golden texts and print which files changed."""

from tests.golden.triples import golden_file, golden_tables

for text, table in golden_tables().items():
    path = golden_file(text)
    path.parent.mkdir(exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != table:
        path.write_text(table, encoding="utf-8", newline="\n")
        print(path.name)
