"""What two organisations signed: agreements, their versions, signatures, what was invited to see them."""
