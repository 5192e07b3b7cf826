"""The pages of agreements in the making (`/drafts/`)."""
