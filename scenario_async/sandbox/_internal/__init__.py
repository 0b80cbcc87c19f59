"""The service that the sandbox imitates: its state, its routes and its server."""
