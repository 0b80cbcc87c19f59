"""What a picture is, and which formats the service takes."""
