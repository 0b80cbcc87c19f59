"""How requests are sent: connections, retries, credentials, and the event loop of the blocking client."""
