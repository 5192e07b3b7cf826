"""The contract language: YAML to document to the engine's terms, and back as text."""
