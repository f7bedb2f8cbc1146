"""What is run on the site once it is built: its check, its font, the picture of the README."""
