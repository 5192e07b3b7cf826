"""From a document to text that people read, in three languages, and back from text to values."""
