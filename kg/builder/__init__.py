"""Documents -> store: the build, its worker processes, its journal."""
