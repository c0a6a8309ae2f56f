"""Official lists -> entries, each with the row that proves it: one publisher a module; `load` puts them in a store."""
