"""A stand-in for OpenAI and its like: a real HTTP server on the loopback that answers as a script says."""
