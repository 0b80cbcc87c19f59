"""The operations: one file for each noun, with its requests and the resource that sends them."""
