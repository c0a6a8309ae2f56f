"""The one place where a command ends: whatever escapes it becomes one line on standard error and an exit code.

    0    done
    1    a mistake in what was given, or a machine that does not take part (full disk, no permission): its line says so
    2    wrong usage
    3    a fault of kg itself
    130  interrupted

With `--debug` or KG_DEBUG the trace stands above the line.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from kg.cli.terminal import abandon_output, complain, open_output
from kg.errors import KgError, one_line

INTERRUPTED: Final = 130
FAULT: Final = 3
_PACKAGE: Final = Path(__file__).resolve().parent.parent
_LONGEST: Final = 300  # characters of a foreign message; pages of expected tokens help nobody
#: Faults of the machine, not of the program, with the next step of the person at it.
_MACHINE: Final = {
    errno.ENOSPC: "free some space, or name another place",
    errno.EDQUOT: "free some space, or name another place",
    errno.EFBIG: "raise the limit of a file's size (ulimit -f)",
    errno.EROFS: "name a place that can be written",
    errno.EACCES: "ask for permission, or name another place",
    errno.EPERM: "ask for permission, or name another place",
    errno.EIO: "look at the disk",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENFILE: "close other programs",
    errno.ENOMEM: "close other programs",
    errno.ENAMETOOLONG: "name a shorter path",
    errno.ELOOP: "the path goes round in a loop of links",
    errno.ENOENT: "check the path",
    errno.ENOTDIR: "check the path",
    errno.EISDIR: "name a file",
    errno.EADDRINUSE: "choose another port",
    errno.EADDRNOTAVAIL: "choose another address",
}


def run(command: Callable[[], object]) -> int:
    """Run a command and end it; gives the exit code. Nothing but a kill gets past."""
    open_output()
    code = _ended(command)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        pass
    except (OSError, KgError, ValueError) as error:
        if not code:
            complain(f"kg: {error}")
            code = 1
    finally:
        abandon_output()
    return code


def debugging() -> bool:
    """Whether traces are wanted."""
    return os.environ.get("KG_DEBUG", "") not in ("", "0")


def _ended(command: Callable[[], object]) -> int:
    try:
        command()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        complain("kg: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return 0  # the reader has what it wanted: `kg query ... | head`
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException as error:  # the boundary: nothing above it would say it better
        return _told(error)
    return 0


def _show(error: click.ClickException) -> None:
    """Usage and cause of a wrong call, with hidden characters shown."""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        hint = f"Try '{error.ctx.command_path} -h' for help.\n"
        complain(f"{error.ctx.get_usage()}\n{hint}")
    complain(f"Error: {error.format_message()}")


def _told(error: BaseException) -> int:
    if debugging():
        complain("".join(traceback.format_exception(error)))
    line, code = told(error)
    complain(line)
    return code


def told(error: BaseException) -> tuple[str, int]:
    """The line for what escaped a command, and the exit code."""
    if isinstance(error, KgError):
        return f"kg: {error}", 1
    if isinstance(error, MemoryError):
        return "kg: the memory of this machine is not enough for it; give less at a time", 1
    if isinstance(error, OSError) and error.errno in _MACHINE:
        place = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        return one_line(f"kg: {place}{error.strerror}; {_MACHINE[error.errno]}"), 1
    message = one_line(str(error))
    cut = f"{message[:_LONGEST]}…" if len(message) > _LONGEST else message
    what = f"{type(error).__name__}{f': {cut}' if cut else ''}"
    advice = "this is a fault of kg: please report it with the trace that KG_DEBUG=1 shows"
    return f"kg: {_place(error)}{what}; {advice}", FAULT


def _place(error: BaseException) -> str:
    """The last line of this package that the error went through."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(_PACKAGE):
            return f"{path.relative_to(_PACKAGE.parent).as_posix()}:{frame.lineno}: "
    return ""
