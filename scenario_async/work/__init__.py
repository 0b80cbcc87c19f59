"""Tasks of several requests: training, generating, waiting, saving, and syncing a library."""
