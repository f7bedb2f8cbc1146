"""The lecture's data: its sections in order, and its notation."""
