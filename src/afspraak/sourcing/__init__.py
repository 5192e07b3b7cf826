"""From what was to what could be promised: infer the rule, propose targets."""
