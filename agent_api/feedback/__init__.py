"""What people think of answers: given by them, read by admins."""
