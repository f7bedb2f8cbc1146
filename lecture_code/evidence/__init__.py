"""Evidence: what is compared with what, how far they are apart, and what a mistake would change."""
