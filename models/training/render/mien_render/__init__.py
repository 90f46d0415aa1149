"""mien's own generator of rendered faces whose movements are known exactly."""

GENERATOR_VERSION = "1.2.0"
