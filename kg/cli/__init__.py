"""The command line: `kg COMMAND`. Each command is a thin function in a module of this folder, loaded when used."""

from __future__ import annotations

import ast
import importlib
import os
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import click

from kg.cli.boundary import run

#: Command -> module of this folder that defines a function of that name (`import` is `import_`).
COMMANDS: Final[dict[str, str]] = {
    "build": "build",
    "extract": "build",
    "read": "read",
    "evaluate": "evaluate",
    "import": "lists",
    "screen": "screen",
    "resolve": "lists",
    "query": "query",
    "show": "ask",
    "path": "ask",
    "owners": "owners",
    "exposed": "owners",
    "timeline": "ask",
    "explain": "ask",
    "listed": "ask",
    "around": "ask",
    "roles": "ask",
    "said": "ask",
    "contradictions": "ask",
    "changes": "ask",
    "view": "view",
    "export": "export",
    "check": "check",
    "status": "status",
    "serve": "serve",
}


class LazyGroup(click.Group):
    """A group whose commands are imported only when one is run: `kg --help` need not load spaCy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(importlib.import_module(f"kg.cli.{module}"), _function_name(cmd_name), None)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names; raises UsageError with the names that are like it."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=2)
            meant = f" Did you mean {' or '.join(near)}?" if near else " See kg --help."
            raise click.UsageError(f"There is no command {args[0]!r}.{meant}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands; their first sentences come from the source, since importing all costs 2 s."""
        docs = {module: _docstrings(module) for module in dict.fromkeys(COMMANDS.values())}
        limit = formatter.width - 6 - max(map(len, COMMANDS))
        rows = [
            (name, click.Command(name, help=docs[module].get(_function_name(name))).get_short_help_str(limit))
            for name, module in COMMANDS.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _function_name(command: str) -> str:
    return command.replace("import", "import_").replace("-", "_")


def _docstrings(module: str) -> dict[str, str]:
    """Docstrings of a command module's functions by name, read without importing it."""
    tree = ast.parse((Path(__file__).with_name(f"{module}.py")).read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {node.name: ast.get_docstring(node) or "" for node in functions}


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sanctions-kg")
@click.option("--debug", is_flag=True, help="Show the trace of whatever goes wrong; so does KG_DEBUG=1.")
def cli(debug: bool) -> None:
    """Build and ask a knowledge graph of sanctioned entities, every edge of it proved by a quotation."""
    if debug:
        os.environ["KG_DEBUG"] = "1"


def main() -> None:
    """Run the command line and exit: see `kg.cli.boundary` for the codes."""
    sys.exit(run(lambda: cli.main(prog_name="kg", standalone_mode=False)))
