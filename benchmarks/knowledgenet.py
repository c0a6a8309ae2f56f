"""Facts of persons and organisations in every passage of a file in the form of KnowledgeNet; predictions on standard output.

usage: python benchmarks/knowledgenet.py GOLD.jsonl > PRED.jsonl

Of each line only `id` and `text` are read. One line is written a passage, in the order of the file:
{"id": ..., "facts": [{"property": ..., "subject": [start, end], "object": [start, end]}]}. The packaged network was
fitted on folds 1 to 3; for figures on these, see `python -m training.knowledgenet --held-out`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.knowledgenet.classifier import load_properties
from kg.errors import KgError, SourceError
from kg.nlp.pipeline import load_pipeline


def passages(path: Path) -> Iterator[tuple[str, str]]:
    """(text, id) of every line that is not blank."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                passage = json.loads(line)
                yield passage["text"], passage["id"]
            except (ValueError, KeyError, TypeError) as error:
                cause, hint = f"not a passage ({error!r})", 'each line needs "id" and "text"'
                raise SourceError(cause, place=f"{path}:{number}", hint=hint) from error


def main() -> int:
    """Write the predictions; 1 when the file cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    arguments = parser.parse_args()
    properties, nlp = load_properties(), load_pipeline()
    try:
        for doc, name in nlp.pipe(passages(arguments.gold), as_tuples=True):
            facts = [
                {"property": fact.property, "subject": list(fact.subject), "object": list(fact.object)}
                for fact in properties.facts(doc)
            ]
            print(json.dumps({"id": name, "facts": facts}))
    except (KgError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
