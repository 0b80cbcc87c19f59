"""Work that takes its time and costs money: training, generating, and what goes with them."""
