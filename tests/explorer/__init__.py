"""The page in a real browser: every ability exercised by clicking and typing."""
