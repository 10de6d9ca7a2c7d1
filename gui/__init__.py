"""The window; draws what the engine computes and computes nothing itself."""
