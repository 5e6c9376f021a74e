"""The verbs, in order: find, parse, gather, plan, render, write. No stage imports another."""
