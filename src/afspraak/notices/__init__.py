"""What is owed to whom, and the transports that tell them: mail, webhooks, one HTTP function."""
