"""What the desk runs on: resources, packaging, the local runner and the demo data."""
