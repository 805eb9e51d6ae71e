"""One table, one model, one file; methods are named after the question they answer."""
