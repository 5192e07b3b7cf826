"""Pages of the life of a signed agreement: dates, deliveries, people, things, the end."""
