"""The pages at `/ui`: signing in as plain HTML, everything behind it with NiceGUI."""
