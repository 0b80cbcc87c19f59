"""How operations are declared, and how requests and responses are converted to and from JSON."""
