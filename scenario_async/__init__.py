"""An async-first client for the Scenario API."""
