"""HTML: templates, forms, charts and static files; nothing here reads or writes data."""
