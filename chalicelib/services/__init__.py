"""The verbs of the desk: load, check, decide, save together. The only code that saves."""
