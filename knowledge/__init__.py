"""What is known and how a message is matched against it: plain, synchronous, without clock, network or database."""
