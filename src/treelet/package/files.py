"""What the files of a package are called."""

MANIFEST_FILE = "manifest.json"
SETTINGS_FILE = "settings.toml"
WEIGHTS_FILE = "weights.safetensors"
TOKENIZER_FILE = "tokenizer.json"
LABELS_FILE = "labels.json"
SIGNATURE_FILE = "manifest.sig"
DATA_FILES = (SETTINGS_FILE, WEIGHTS_FILE, TOKENIZER_FILE, LABELS_FILE)

STEPS = ".step"
"""Ends the name of what the bytes of a matrix are worth, a number a row."""
