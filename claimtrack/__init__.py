"""Wiring only: settings, URLs, Celery, health, and the embedded services of `script/server`."""
