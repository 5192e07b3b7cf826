"""What happened between two organisations, kept so that neither can change it unseen.

How leaves, roots and checkpoints are made stands in docs/ledger.md.
"""
