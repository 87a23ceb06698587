"""How good the ranking is, measured on judged queries."""
