"""The MCP door: agents and the search as tools of the Model Context Protocol."""
