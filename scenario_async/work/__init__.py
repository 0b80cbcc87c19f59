"""Work made of many requests: training, generating, waiting, saving, and syncing a library."""
