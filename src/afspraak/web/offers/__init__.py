"""Pages of what is offered, agreed to before it is signed, and promised on the way."""
