"""The network in PyTorch, for teaching: layers.py, encoder.py, network.py."""
