"""Who asks: Supabase's access tokens, verified here without a round trip."""
