"""The example applications of docs/examples/applications, run against a sandbox."""
