"""Tierline: the serverless cloud help desk."""
