"""The embedded stack: Postgres, Supabase's light server, the services and Caddy on one machine, without Docker."""
