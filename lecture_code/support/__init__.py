"""What the package itself needs: results on disk, imports on demand, missing extras."""
