"""The stages of a batch of pictures: planned, examined, sent, attached, proved."""
