"""What Roost knows: documents cut into chunks, their vectors, how they are stored and found."""
