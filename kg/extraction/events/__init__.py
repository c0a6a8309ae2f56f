"""Events read off clauses and layout: designations, office holders, blocks of identifying information."""
