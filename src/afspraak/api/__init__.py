"""The door for programs: REST over JSON, described by OpenAPI 3.1 (docs/api.md)."""
