"""What two organisations signed: agreements, their versions, signatures, advisers."""
