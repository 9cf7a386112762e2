"""What the program promises under faults and attacks, measured; figures go to docs/promises.md."""
