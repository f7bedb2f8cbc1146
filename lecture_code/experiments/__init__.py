"""What is trained and measured beyond one section: tasks that tell one cell from another."""
