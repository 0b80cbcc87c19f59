"""Run the command line: ``python -m scenario_async`` is the same as ``scenario-async``."""

from scenario_async.cli.main import main

if __name__ == "__main__":
    main()
