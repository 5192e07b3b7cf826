"""How an agreement is signed: one paper, its bytes signed by each party, and what proves it."""
