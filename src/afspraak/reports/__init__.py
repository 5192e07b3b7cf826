"""What the year came to: replays, figures, the page that shows them."""
