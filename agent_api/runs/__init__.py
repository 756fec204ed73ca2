"""The run: started by any protocol, executed once, read by any number, kept through crashes."""
