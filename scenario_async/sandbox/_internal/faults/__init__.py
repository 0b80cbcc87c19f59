"""The faults of `scenario_async.sandbox.faults`: one file for each kind."""
