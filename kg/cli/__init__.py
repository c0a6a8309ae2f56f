"""The command line: `kg COMMAND`. Each command is a thin function in a module of this folder, loaded when used."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Final

import click

from kg.errors import KgError

#: Command -> module of this folder that defines a function of that name (`import` is `import_`).
COMMANDS: Final[dict[str, str]] = {
    "build": "build",
    "extract": "build",
    "evaluate": "evaluate",
    "import": "lists",
    "screen": "lists",
    "resolve": "lists",
    "query": "query",
    "show": "ask",
    "path": "ask",
    "owners": "ask",
    "exposed": "ask",
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
    "serve": "serve",
}


class LazyGroup(click.Group):
    """A group whose commands are imported only when one is run: `kg --help` need not load spaCy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of the table."""
        return [name for name, module in COMMANDS.items() if importlib.util.find_spec(f"kg.cli.{module}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(importlib.import_module(f"kg.cli.{module}"), cmd_name.replace("import", "import_"), None)
        return command if isinstance(command, click.Command) else None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sanctions-kg")
def cli() -> None:
    """Build and ask a knowledge graph of sanctioned entities, every edge of it proved by a quotation."""


def main() -> None:
    """Run the command line; a KgError is told in one line and exits 1, wrong usage exits 2."""
    try:
        cli(prog_name="kg")
    except KgError as error:
        click.echo(f"kg: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
