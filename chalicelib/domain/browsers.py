"""Which browser somebody uses, in two words: enough to know one's own sessions apart."""

# By a word of the User-Agent header, the more particular first: nearly all say Mozilla and Safari.
FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def short_name(user_agent: str | None) -> str:
    """`Firefox on Windows`; nothing of the header itself is kept."""
    said = user_agent or ""
    family = next((name for word, name in FAMILIES if word in said), "A browser")
    system = next((name for word, name in SYSTEMS if word in said), None)
    return f"{family} on {system}" if system else family
