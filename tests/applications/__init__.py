"""Tests that run the example applications of docs/examples/applications against a sandbox."""
