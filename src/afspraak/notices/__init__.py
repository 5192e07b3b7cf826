"""What is owed to whom, and how it reaches them: rows, words, mail, webhooks."""
